import { createManualClock } from '@baton/testkit';
import { describe, expect, it } from 'vitest';
import type { ServerStatus } from '@baton/protocol';
import { silentLog } from '../log/log.ts';
import { createStatusBoard, STATUS_MS } from './status-board.ts';

const STATUS: ServerStatus = {
  ...{ at: '2026-11-21T12:00:00.000Z', uptimeMs: 1, queuedTurns: 0, agents: [] },
  process: { pid: 1, rssBytes: 1, heapBytes: 1 },
  eventLoop: { p50Ms: 0, p99Ms: 0, maxMs: 0 },
  sessions: { total: 0, archived: 0, live: 0, running: 0, waiting: 0 },
  connections: { sockets: 0, streams: 0, subscriptions: 0 },
  store: { writable: true, events: 0, commits: 0, lastCommitMs: 0, queued: 0, faults: 0, bytes: 0, freeBytes: 0 },
};

function create() {
  const clock = createManualClock();
  let reads = 0;
  const reader = {
    async read() {
      reads += 1;
      return STATUS;
    },
    close: () => undefined,
  };
  return { clock, board: createStatusBoard({ reader, clock, log: silentLog }), reads: () => reads };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the board of measurements', () => {
  it('measures only while somebody watches', async () => {
    const { clock, board, reads } = create();
    clock.advance(10 * STATUS_MS);
    expect(reads()).toBe(0);
    const frames: unknown[] = [];
    const watching = board.watch({ send: (frame) => frames.push(frame) > 0 });
    await settled();
    expect(frames).toHaveLength(1);
    clock.advance(STATUS_MS);
    await settled();
    expect(frames).toHaveLength(2);
    watching.close();
    clock.advance(10 * STATUS_MS);
    expect(reads()).toBe(2);
  });

  it('leaves out who has no room, and goes on when there is room again', async () => {
    const { clock, board } = create();
    let room = false;
    let count = 0;
    const watching = board.watch({
      send() {
        count += 1;
        return room;
      },
    });
    await settled();
    for (const expected of [1, 1, 2]) {
      if (expected === 2) {
        room = true;
        watching.drained();
      }
      clock.advance(STATUS_MS);
      await settled();
      expect(count).toBe(expected);
    }
  });
});
