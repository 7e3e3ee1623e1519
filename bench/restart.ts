import { type BatonClient, createBatonClient, type SessionHandle, type SessionSnapshot } from '@baton/client';
import type { SessionId } from '@baton/protocol';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createLoadSessions } from './harness/load-sessions.ts';
import { toMedian, type Measure } from './harness/measure.ts';
import { OWNER_KEY, startServer } from './harness/server.ts';
import { readStamps } from './load/stamp.ts';

const AGENTS = 20;
const DELTAS_PER_SECOND = 10;
/** Longer than anything here takes. */
const SECONDS = 600;
const RESTARTS = 3;
/** A client takes a line for good, and tries again soon when it breaks, after it has held for ten seconds. */
const HELD_MS = 10_500;

/**
 * A server that is killed while twenty agents work, and started again at once: until every viewer, each a client as the
 * pages use it, has a delta that its agent wrote after the kill, or has heard that its turn is over.
 */
export async function benchRestart(): Promise<Measure[]> {
  const root = mkdtempSync(join(tmpdir(), 'baton-bench-restart-'));
  let server = await startServer({ root });
  const { url, port } = server;
  const viewers: Viewer[] = [];
  const times: Restart[] = [];
  try {
    const ids = await createLoadSessions(server, AGENTS);
    viewers.push(...ids.map((id) => openViewer(url, id as SessionId)));
    for (let restart = 0; restart < RESTARTS; restart += 1) {
      await Promise.all(viewers.map((viewer) => viewer.atWork()));
      await delay(HELD_MS);
      const startedAt = performance.now();
      await server.kill();
      const killedAt = process.hrtime.bigint();
      const back = viewers.map((viewer) => viewer.back(killedAt));
      server = await startServer({ root, port });
      const upMs = performance.now() - startedAt;
      const lived = await Promise.all(back);
      times.push({ upMs, backMs: performance.now() - startedAt, lived: lived.filter(Boolean).length });
    }
    return toMeasures(times);
  } finally {
    for (const viewer of viewers) viewer.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

interface Restart {
  upMs: number;
  backMs: number;
  /** Agents that went on. */
  lived: number;
}

function toMeasures(times: readonly Restart[]): Measure[] {
  const name = `restart after a kill, ${AGENTS} working agents`;
  return [
    { name: `${name}, server answers`, value: toMedian(times.map(({ upMs }) => upMs)), unit: 'ms' },
    {
      name: `${name}, all viewers caught up`,
      value: toMedian(times.map(({ backMs }) => backMs)),
      unit: 'ms',
      target: { atMost: 2000 },
    },
    { name: `${name}, agents that went on`, value: Math.min(...times.map(({ lived }) => lived)), unit: '' },
  ];
}

interface Viewer {
  /** Has a turn run, and resolves when its text streams. */
  atWork(): Promise<void>;
  /** Resolves when what the agent wrote since is here, with true, or its turn is over, with false. */
  back(since: bigint): Promise<boolean>;
  close(): void;
}

function openViewer(url: string, sessionId: SessionId): Viewer {
  const client: BatonClient = createBatonClient({ url, key: OWNER_KEY, scheduler: (run) => void setImmediate(run) });
  const handle: SessionHandle = client.openSession(sessionId);
  return {
    async atWork() {
      await until(handle, (snapshot) => snapshot.status === 'live' || undefined);
      if (readTurn(handle.get())?.state === 'running') return;
      const text = `stream ${DELTAS_PER_SECOND * SECONDS} deltas at ${DELTAS_PER_SECOND} per second`;
      const since = process.hrtime.bigint();
      await client.send({ type: 'turn.start', sessionId, input: [{ type: 'text', text }] });
      await until(handle, (snapshot) => isNewer(snapshot, since) || undefined);
    },
    back: (since) =>
      until(handle, (snapshot) => {
        if (snapshot.status !== 'live') return undefined;
        if (readTurn(snapshot)?.state !== 'running') return false;
        return isNewer(snapshot, since) || undefined;
      }),
    close() {
      handle.close();
      client.close();
    },
  };
}

function until<T>(handle: SessionHandle, look: (snapshot: SessionSnapshot) => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const stop = handle.subscribe(check);
    check();
    function check(): void {
      const found = look(handle.get());
      if (found === undefined) return;
      queueMicrotask(() => stop());
      resolve(found);
    }
  });
}

const readTurn = ({ timeline }: SessionSnapshot) => timeline.turns.at(-1);

function isNewer(snapshot: SessionSnapshot, since: bigint): boolean {
  const item = readTurn(snapshot)?.items.at(-1)?.item;
  if (item?.type !== 'agent-message') return false;
  const last = readStamps(item.text.slice(-60)).at(-1);
  return last !== undefined && last > since;
}
