import { isAppError } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createOutbox } from './outbox.ts';

test('a message counts as sent when its reader comes back for more', async () => {
  const outbox = createOutbox();
  const reader = outbox[Symbol.asyncIterator]();
  const seen: string[] = [];
  const first = outbox.push('one').then(() => seen.push('one is sent'));
  expect(await reader.next()).toEqual({ done: false, value: 'one' });
  await Promise.resolve();
  expect(seen).toEqual([]);
  const next = reader.next();
  await first;
  const second = outbox.push('two');
  expect(await next).toEqual({ done: false, value: 'two' });
  outbox.end();
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  await second;
});

test('what nobody read when the reader goes is told to whoever sent it', async () => {
  const outbox = createOutbox();
  const reader = outbox[Symbol.asyncIterator]();
  const unread = [outbox.push('one'), outbox.push('two')].map((sent) => sent.catch(isAppError));
  await reader.next();
  await reader.return?.();
  expect(await Promise.all(unread)).toEqual([true, true]);
  await expect(outbox.push('three')).rejects.toThrow('it has ended');
});
