import { createManualClock } from '@baton/testkit';
import { describe, expect, it } from 'vitest';
import { createAttemptLimit, toAddressKey } from './attempt-limit.ts';

describe('the limit of attempts', () => {
  it('counts one address however it is written', () => {
    expect(toAddressKey('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(toAddressKey('::FFFF:10.0.0.1')).toBe('10.0.0.1');
    expect(toAddressKey('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(toAddressKey('2001:0DB8:0000:0000:aaaa::9')).toBe('2001:db8:0:0::/64');
    expect(toAddressKey('2001:db8:0:1::1')).not.toBe(toAddressKey('2001:db8::1'));
    expect(toAddressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(toAddressKey('::1')).toBe('0:0:0:0::/64');
  });

  it('shuts one address out and leaves the others alone', () => {
    const clock = createManualClock();
    const limit = createAttemptLimit(clock, 2);
    limit.fail('1.1.1.1');
    limit.check('1.1.1.1');
    limit.fail('::ffff:1.1.1.1');
    expect(() => limit.check('1.1.1.1')).toThrow('try again in 60 seconds');
    limit.check('2.2.2.2');
    clock.advance(59_000);
    expect(() => limit.check('1.1.1.1')).toThrow('try again in 1 seconds');
    clock.advance(1000);
    limit.check('1.1.1.1');
  });

  it('shuts everybody out when many addresses fail together', () => {
    const limit = createAttemptLimit(createManualClock(), 2);
    for (let index = 0; index < 20; index += 1) limit.fail(`10.0.0.${index}`);
    expect(() => limit.check('9.9.9.9')).toThrow('Too many wrong keys');
  });
});
