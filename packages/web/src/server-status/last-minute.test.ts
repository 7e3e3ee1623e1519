import type { ServerSnapshot } from '@baton/client';
import type { ServerStatus } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createValueStore } from '../live/value-store.ts';
import { createLastMinute } from './last-minute.ts';

const at = (second: number) => ({ at: `second ${second}` }) as ServerStatus;

test('keeps sixty measurements, each once, and forgets the oldest', () => {
  const source = createValueStore<ServerSnapshot>({ status: 'loading' });
  const minute = createLastMinute(source);
  let told = 0;
  minute.subscribe(() => (told += 1));
  for (let second = 1; second <= 70; second += 1) source.set({ status: 'live', latest: at(second) });
  source.set({ status: 'stale', latest: at(70) });
  expect(told).toBe(70);
  expect(minute.get()).toHaveLength(60);
  expect(minute.get()[0]).toEqual(at(11));
});
