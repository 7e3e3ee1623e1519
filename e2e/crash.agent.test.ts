import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { checkInvariants, evolve, noSession } from '@baton/core';
import {
  createId,
  type RecordedEvent,
  recordedEventSchema,
  type SessionId,
  sessionViewSchema,
  type TurnId,
} from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CLAUDE } from './harness/agents/claude.ts';
import { WORKER } from './harness/agents/worker.ts';
import { rehearsalEnv, withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { drive, take } from './harness/drive.ts';
import type { Peer } from './harness/peer.ts';
import { findProcesses } from './harness/processes.ts';

const ROUNDS = 6;
const JOURNAL_MS = 1000;
const pageSchema = z.object({ events: z.array(recordedEventSchema), seq: z.int() });

async function readLog(baton: BatonProcess, id: SessionId): Promise<RecordedEvent[]> {
  const { body } = await baton.request('GET', `/sessions/${id}/events?limit=5000`);
  return pageSchema.parse(body).events;
}

function expectSound(log: readonly RecordedEvent[]): void {
  expect(log.map((each) => each.seq)).toEqual(log.map((_, index) => index + 1));
  const state = log.reduce(evolve, noSession);
  expect(
    checkInvariants(
      log.map(({ event }) => event),
      state,
    ),
  ).toEqual([]);
}

/**
 * Resolves when the open text that came until now is in the journal, which is written once a second: however many words a busy
 * machine hands over at once, only time and a server that works on show that.
 */
async function wasJournaled({ frames }: Peer): Promise<void> {
  const since = performance.now();
  const deltas = () => frames.filter(({ type }) => type === 'delta').length;
  await expect.poll(() => performance.now() - since).toBeGreaterThan(2 * JOURNAL_MS);
  const before = deltas();
  await expect.poll(deltas).toBeGreaterThan(before);
}

test('kill -9 of server and runner again and again, while clients write: what was acknowledged is there, nothing twice', async () => {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const dataDir = temporaryFolder('data');
  const root = temporaryFolder('root');
  const acknowledged = new Map<TurnId, SessionId>();
  const sessions = new Set<SessionId>();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const baton = await startBaton({ dataDir, root });
      const peer = await baton.connect();
      const cwd = mkdtempSync(join(root, 'work-'));
      const writing = Array.from({ length: 4 }, async () => {
        const view = sessionViewSchema.parse(
          await peer.command({ type: 'session.create', backend: 'worker', cwd, env: rehearsalEnv(rehearsal) }),
        );
        sessions.add(view.id);
        for (let count = 0; count < 200; count += 1) {
          const turnId = createId('turn');
          await peer.command({ type: 'turn.start', sessionId: view.id, turnId, input: `${round} ${count}` });
          acknowledged.set(turnId, view.id);
        }
      });
      // Whoever waits for a receipt when the server dies gets none; that is the point.
      const written = Promise.allSettled(writing);
      await expect.poll(() => acknowledged.size, { interval: 5 }).toBeGreaterThan(round * 20 + 15);
      await baton.killAll();
      peer.close();
      void written;
    }
    const baton = await startBaton({ dataDir, root });
    for (const id of sessions) expectSound(await readLog(baton, id));
    const turns = new Map<string, number>();
    for (const id of sessions) {
      for (const { event } of await readLog(baton, id)) {
        if (event.type === 'turn.queued' || (event.type === 'turn.started' && !turns.has(event.turnId))) {
          turns.set(event.turnId, (turns.get(event.turnId) ?? 0) + 1);
        }
      }
    }
    for (const turnId of acknowledged.keys()) expect(turns.get(turnId)).toBe(1);
    await baton.kill('SIGTERM');
  } finally {
    await rehearsal.close();
  }
  for (const id of sessions) expect(findProcesses(`BATON_SESSION=${id}`)).toEqual([]);
});

test('a command sent again after the server died has one effect', () =>
  withScenario('echo', async (env) => {
    const first = await startBaton();
    const sessionId = createId('session');
    const create = { type: 'session.create', sessionId, backend: 'worker', cwd: first.root, env } as const;
    const peer = await first.connect();
    await peer.command(create, 'cmd_create');
    const turn = { type: 'turn.start', sessionId, input: 'once' } as const;
    const receipt = await peer.command(turn, 'cmd_turn');
    await first.killAll();
    const second = await startBaton({ dataDir: first.dataDir, root: first.root });
    const again = await second.connect();
    expect(await again.command(turn, 'cmd_turn')).toEqual(receipt);
    await again.command(create, 'cmd_create');
    const log = await readLog(second, sessionId);
    const count = (type: string) => log.filter(({ event }) => event.type === type).length;
    // One that the agent had not heard when all died went back into the queue, and starts again.
    expect(count('turn.started') - count('turn.requeued')).toBe(1);
    expectSound(log);
    await second.kill('SIGTERM');
  }));

describe.each([CLAUDE, WORKER])('$name', (agent) => {
  test('is settled after kill -9 of server and runner mid-turn, keeps what had streamed, and resumes the conversation', () =>
    withScenario('long-stream', async (env) => {
      const first = await startBaton({ env: agent.serverEnv });
      const peer = await first.connect();
      const session = await drive({ baton: first, peer }, agent, { env, prompt: 'Tell me a long story' });
      await peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 120);
      await wasJournaled(peer);
      await first.killAll();
      const second = await startBaton({ dataDir: first.dataDir, root: first.root, env: agent.serverEnv });
      await expect.poll(() => findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
      const log = await readLog(second, session.id);
      expectSound(log);
      const ended = log.find(({ event }) => event.type === 'turn.ended');
      expect(ended).toMatchObject({ event: { outcome: 'failed', error: { kind: 'server-restarted' } } });
      const text = log.flatMap(({ event }) =>
        event.type === 'item.ended' && event.item.type === 'agent-message' ? [event.item.text] : [],
      );
      expect(text.join('')).toContain('The story begins.');
      const again = take({ baton: second, peer: await second.connect() }, session);
      const { turnId } = await again.prompt('Tell me a long story');
      await again.peer.event(session.id, 'turn.started', (event) => event.turnId === turnId);
      await again.peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id);
      const before = log.find(({ event }) => event.type === 'agent.started');
      const view = await again.view();
      if (before?.event.type === 'agent.started') expect(view.nativeId).toBe(before.event.nativeId);
      await again.run({ type: 'turn.interrupt' });
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'interrupted' });
      await second.kill('SIGTERM');
      expect(findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
    }));

  test('leaves no process when server and runner are killed mid-command', () =>
    withScenario('interrupt-tool', async (env) => {
      const first = await startBaton({ env: agent.serverEnv });
      const peer = await first.connect();
      const session = await drive({ baton: first, peer }, agent, { env, prompt: 'Run the long command' });
      await session.answer('allow-once');
      const marker = `BATON_SESSION=${session.id}`;
      await expect.poll(() => findProcesses(marker, 'sleep').length).toBeGreaterThan(0);
      await first.killAll();
      const second = await startBaton({ dataDir: first.dataDir, root: first.root, env: agent.serverEnv });
      await expect.poll(() => findProcesses(marker)).toEqual([]);
      await second.kill('SIGTERM');
    }));
});
