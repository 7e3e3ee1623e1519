import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionEvent, SessionId, SessionView } from '@baton/protocol';
import { openSqliteStore } from '@baton/store';
import { repeat, toMedian, type Measure } from './harness/measure.ts';
import { startServer, type BenchServer } from './harness/server.ts';
import { connectViewer } from './harness/viewer.ts';

const EVENTS = 30_000;
const BATCH = 1000;
const RUNS = 5;
const AT = '2026-01-01T00:00:00.000Z';
const SESSION = 'ses_00000000000000000000000001' as SessionId;

/** A client that asks for a long session from its start, until it is caught up. */
export async function benchReplay(): Promise<Measure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-bench-replay-'));
  await fillStore(join(dataDir, 'baton.db'));
  const server = await startServer({ dataDir });
  try {
    const rates = await repeat(RUNS, () => measureReplay(server));
    return [{ name: 'replay over WebSocket', value: toMedian(rates), unit: 'events/s', target: { atLeast: 30_000 } }];
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureReplay(server: BenchServer): Promise<number> {
  const viewer = await connectViewer(server);
  let seen = 0;
  viewer.onFrame = (frame) => {
    if (frame.type === 'event') seen += 1;
  };
  const caughtUp = viewer.until((frame) => frame.type === 'caught-up');
  const startedAt = performance.now();
  viewer.send({ type: 'subscribe', sessionId: SESSION, after: 0 });
  await caughtUp;
  const seconds = (performance.now() - startedAt) / 1000;
  viewer.close();
  if (seen !== EVENTS) throw new Error(`Replay gave ${seen} events of ${EVENTS}`);
  return seen / seconds;
}

async function fillStore(path: string): Promise<void> {
  const store = openSqliteStore({ path });
  for (let seq = 0; seq < EVENTS; seq += BATCH) {
    const events = Array.from({ length: BATCH }, (_, index) => toEvent(seq + index));
    await store.append({ sessionId: SESSION, expectedSeq: seq, at: AT, events, view: toView(seq + BATCH) });
  }
  await store.close();
}

function toEvent(index: number): SessionEvent {
  if (index === 0) return { type: 'session.created', backend: 'claude', cwd: tmpdir(), by: 'owner' };
  return {
    type: 'agent.output',
    stream: 'stderr',
    text: `line ${index} of what the agent said on its way through the work`,
  };
}

function toView(seq: number): SessionView {
  return {
    ...{
      id: SESSION,
      title: 'A long session',
      backend: 'claude',
      cwd: tmpdir(),
      state: 'stopped',
      archived: false,
      seq,
    },
    ...{ queue: [], pending: { approvals: [], questions: [] }, usage: { inputTokens: 0, outputTokens: 0 } },
    ...{ createdAt: AT, updatedAt: AT },
  };
}
