import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Append } from '@baton/core';
import type { SessionEvent, SessionId, SessionView } from '@baton/protocol';
import { openSqliteStore, type SqliteStore } from '../src/index.ts';

export interface Measure {
  name: string;
  value: number;
  unit: string;
}

const SESSIONS = 20;
const APPENDS_PER_SESSION = 500;
const REPLAY_EVENTS = 50_000;
const PAGE = 1000;
const ROUNDS = 3;
const AT = '2026-01-01T00:00:00.000Z';

/** How many appends a session has under way in the pipelined measure. */
const AHEAD = 16;

/**
 * Durable appends and replay of the SQLite store on the disk of the temporary folder; medians of three rounds.
 *
 * `store.durable-appends`: 20 sessions, each up to 16 appends ahead. `…-one-at-a-time`: each waits for its last append, so
 * the disk's own time for a sync (`disk.sync`, measured in between) bounds it: 20 appends per sync.
 */
export async function benchStore(): Promise<Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  const store = openSqliteStore({ path: join(folder, 'baton.db') });
  try {
    const appends = await measureRounds((round) => benchAppends(store, { round: `a${round}`, ahead: AHEAD }));
    const sync = await measureRounds(() => benchSync(folder));
    const single = await measureRounds((round) => benchAppends(store, { round: `s${round}`, ahead: 1 }));
    const replay = await benchReplay(store);
    return [
      { name: 'store.durable-appends', value: appends, unit: 'appends/s' },
      { name: 'store.durable-appends-one-at-a-time', value: single, unit: 'appends/s' },
      { name: 'disk.sync', value: sync, unit: 'ms' },
      { name: 'store.replay', value: replay, unit: 'events/s' },
    ];
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAppends(store: SqliteStore, { round, ahead }: { round: string; ahead: number }): Promise<number> {
  const startedAt = performance.now();
  const writers = Array.from({ length: SESSIONS }, async (_, index) => {
    const sessionId = `ses_${round}x${index}` as SessionId;
    const pending: Promise<unknown>[] = [];
    for (let seq = 0; seq < APPENDS_PER_SESSION; seq += 1) {
      pending.push(store.append(toAppend(sessionId, seq, 1)));
      if (pending.length >= ahead) await pending.shift();
    }
    await Promise.all(pending);
  });
  await Promise.all(writers);
  return perSecond(SESSIONS * APPENDS_PER_SESSION, startedAt);
}

// The median time the disk takes to make one small write durable: what every commit pays at least once.
function benchSync(folder: string): number {
  const file = openSync(join(folder, 'sync'), 'w');
  const times = Array.from({ length: 50 }, () => {
    const startedAt = performance.now();
    writeSync(file, Buffer.alloc(4096, 1));
    fdatasyncSync(file);
    return performance.now() - startedAt;
  });
  closeSync(file);
  return toMedian(times);
}

async function benchReplay(store: SqliteStore): Promise<number> {
  const sessionId = 'ses_replay' as SessionId;
  for (let seq = 0; seq < REPLAY_EVENTS; seq += PAGE) await store.append(toAppend(sessionId, seq, PAGE));
  return measureRounds(async () => {
    const startedAt = performance.now();
    let read = 0;
    for (let after = 0; after < REPLAY_EVENTS; after += PAGE) {
      read += (await store.readEvents(sessionId, { after, limit: PAGE })).length;
    }
    return perSecond(read, startedAt);
  });
}

async function measureRounds(measure: (round: number) => number | Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) values.push(await measure(round));
  return toMedian(values);
}

function toMedian(values: number[]): number {
  const median = values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
  return Math.round(median * 100) / 100;
}

function perSecond(count: number, startedAt: number): number {
  return Math.round(count / ((performance.now() - startedAt) / 1000));
}

function toAppend(sessionId: SessionId, expectedSeq: number, count: number): Append {
  const events = Array.from({ length: count }, (_, index) => toEvent(expectedSeq + index));
  return { sessionId, expectedSeq, at: AT, events, view: toView(sessionId, expectedSeq + count) };
}

// About what an agent's tool calls weigh: some 400 bytes of event, 2.5 KB of view.
function toEvent(seq: number): SessionEvent {
  const text = `test ${seq} passed: the parser accepts an empty list and keeps the order of its items\n`.repeat(3);
  return { type: 'item.ended', itemId: `itm_${seq}` as never, item: { type: 'agent-message', text } };
}

function toView(id: SessionId, seq: number): SessionView {
  const commands = Array.from({ length: 20 }, (_, n) => ({
    name: `command-${n}`,
    description: 'Does what its name says',
  }));
  return {
    id,
    title: 'Mend the parser',
    backend: 'claude',
    cwd: '/home/ada/parser',
    state: 'running',
    archived: false,
    seq,
    queue: [],
    pending: { approvals: [], questions: [] },
    usage: { inputTokens: seq, outputTokens: seq },
    agent: { version: '1.0', models: [], modes: [], commands, tools: ['Bash', 'Edit', 'Read'], mcpServers: [] },
    preview: 'All tests pass now. '.repeat(10),
    createdAt: AT,
    updatedAt: AT,
  };
}

if (import.meta.main) {
  for (const measure of await benchStore()) process.stdout.write(`${JSON.stringify(measure)}\n`);
}
