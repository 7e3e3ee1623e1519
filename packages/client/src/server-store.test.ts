import { expect, test } from 'vitest';
import type { ServerStatus } from '@baton/protocol';
import { createServerStore } from './server-store.ts';

const STATUS = { at: '2026-11-21T12:00:00.000Z' } as unknown as ServerStatus;

function create() {
  const asked: string[] = [];
  const store = createServerStore({
    watch: (topic) => asked.push(`watch ${topic}`),
    unwatch: (topic) => asked.push(`unwatch ${topic}`),
  });
  return { asked, ...store };
}

test('is watched from the first subscriber to the last, and again after a reconnect', () => {
  const { asked, store, online, offline, received } = create();
  online();
  expect(asked).toEqual([]);
  const [first, second] = [store.subscribe(() => undefined), store.subscribe(() => undefined)];
  expect(asked).toEqual(['watch server']);
  received(STATUS);
  expect(store.get()).toEqual({ status: 'live', latest: STATUS });
  offline();
  expect(store.get()).toEqual({ status: 'stale', latest: STATUS });
  online();
  first();
  first();
  expect(asked).toEqual(['watch server', 'watch server']);
  second();
  expect(asked.at(-1)).toBe('unwatch server');
  expect(store.get().status).toBe('stale');
});
