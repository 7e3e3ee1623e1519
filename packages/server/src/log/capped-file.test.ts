import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { openCappedFile } from './capped-file.ts';
import { redactLine } from './redact.ts';

describe('a capped file', () => {
  it('never passes its cap, keeps so many older ones, and loses no line of those', () => {
    const folder = makeFolder();
    const path = join(folder, 'logs', 'baton.log');
    const file = openCappedFile({ path, maxBytes: 1000, keep: 2 });
    for (let index = 0; index < 100; index += 1) file.write(`${String(index).padStart(49, '0')}\n`);
    file.close();
    const names = readdirSync(join(folder, 'logs')).sort();
    expect(names).toEqual(['baton.log', 'baton.log.1', 'baton.log.2']);
    for (const name of names) expect(statSync(join(folder, 'logs', name)).size).toBeLessThanOrEqual(1000);
    const lines = ['.2', '.1', ''].flatMap((end) =>
      readFileSync(path + end, 'utf8')
        .trim()
        .split('\n'),
    );
    expect(lines.map(Number)).toEqual(Array.from({ length: 60 }, (_, index) => index + 40));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('goes on with the file of an earlier life', () => {
    const path = join(makeFolder(), 'baton.log');
    for (const line of ['one\n', 'two\n']) {
      const file = openCappedFile({ path, maxBytes: 1000, keep: 1 });
      file.write(line);
      file.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('does not throw when it cannot write, and writes again when it can', () => {
    const folder = makeFolder('logs');
    const path = join(folder, 'logs', 'baton.log');
    const blocked = openCappedFile({ path: join(folder, 'logs'), maxBytes: 10, keep: 1 });
    blocked.write('lost\n');
    const file = openCappedFile({ path, maxBytes: 8, keep: 1 });
    file.write('12345\n');
    rmSync(join(folder, 'logs'), { recursive: true });
    file.write('gone?\n');
    file.write('67890\n');
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('67890\n');
  });
});

describe('redaction', () => {
  it.each([
    ['key baton_0123456789abcdefghij0123', 'key baton_[redacted]'],
    ['cookie brw_0123456789abcdefghij0123', 'cookie brw_[redacted]'],
    ['sk-ant-api03-abcdefghijkl', 'sk-[redacted]'],
    ['authorization: Bearer abcdefgh', 'authorization: Bearer [redacted]'],
    ['GET /x?key=abc&b=1', 'GET /x?key=[redacted]&b=1'],
    ['/#key=abc', '/#key=[redacted]'],
    ['my-own-secret here', '[redacted] here'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (line, redacted) => {
    expect(redactLine(line, ['my-own-secret'])).toBe(redacted);
  });
});
