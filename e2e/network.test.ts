import { createBatonClient, type SessionSnapshot } from '@baton/client';
import { emptyTimeline, foldTimeline, type Timeline } from '@baton/core';
import { createId, recordedEventSchema, type SessionId, sessionViewSchema } from '@baton/protocol';
import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { startFaultProxy } from '@baton/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { rehearsalEnv, withScenario } from './harness/agents.ts';
import { type BatonProcess, OWNER_KEY, startBaton } from './harness/baton-process.ts';
import { connectPeer } from './harness/peer.ts';

let baton: BatonProcess;
beforeAll(async () => {
  // A checkpoint after a turn would be news after the end that the tests compare at.
  baton = await startBaton({ env: { BATON_CHECKPOINTS: 'manual' } });
});
afterAll(() => baton?.kill('SIGTERM'));

async function createSession(env: Record<string, string>): Promise<SessionId> {
  const { status, body } = await baton.request('POST', '/sessions', { backend: 'worker', cwd: baton.root, env });
  expect(status).toBe(201);
  return sessionViewSchema.parse(body).id;
}

async function readTimeline(id: SessionId): Promise<Timeline> {
  const { body } = await baton.request('GET', `/sessions/${id}/events?limit=5000`);
  const { events } = z.object({ events: z.array(recordedEventSchema) }).parse(body);
  return events.reduce(foldTimeline, emptyTimeline);
}

function connectThrough(port: number) {
  return createBatonClient({
    url: `http://127.0.0.1:${port}`,
    key: OWNER_KEY,
    scheduler: (run) => void setImmediate(run),
  });
}

const ROUNDS = 40;

describe('a client on a bad line', () => {
  test('sees every event once and sends every prompt once, wherever the line is cut', () =>
    withScenario('echo', async (env) => {
      const proxy = await startFaultProxy(Number(new URL(baton.url).port));
      const client = connectThrough(proxy.port);
      const id = await createSession(env);
      const handle = client.openSession(id);
      const receipts: Promise<unknown>[] = [];
      await expect.poll(() => handle.get().status).toBe('live');
      const reconnected = () => {
        // As a person does who will not wait: after so many cuts the next try is a minute away.
        if (client.connection.get().status === 'offline') client.reconnect();
        return proxy.connections;
      };
      for (let count = 0; count < ROUNDS; count += 1) {
        const before = proxy.connections;
        // A turn says some kilobytes: each is cut somewhere.
        proxy.cutAfter(200 + ((count * 7919) % 1500));
        receipts.push(
          client.send({ type: 'turn.start', sessionId: id, turnId: createId('turn'), input: `number ${count}` }),
        );
        await expect.poll(() => reconnected(), { interval: 5 }).toBeGreaterThan(before);
        await expect.poll(() => handle.get().timeline.turns.length, { interval: 5 }).toBeGreaterThan(count);
      }
      await Promise.all(receipts);
      await expect.poll(() => finished(handle.get())).toBe(ROUNDS);
      expect(proxy.connections).toBeGreaterThan(ROUNDS);
      const log = await readTimeline(id);
      expect(log.turns.map((turn) => turn.input)).toEqual(
        Array.from({ length: ROUNDS }, (_, count) => [{ type: 'text', text: `number ${count}` }]),
      );
      await expect.poll(() => handle.get().timeline.seq).toBe(log.seq);
      expect(handle.get().timeline).toEqual(log);
      expect(handle.get().optimistic).toEqual([]);
      client.close();
      await proxy.close();
    }));

  test('knows within five seconds that a silent line is dead, and keeps what is typed until it answers again', () =>
    withScenario('echo', async (env) => {
      const proxy = await startFaultProxy(Number(new URL(baton.url).port));
      const client = connectThrough(proxy.port);
      const id = await createSession(env);
      const handle = client.openSession(id);
      await expect.poll(() => handle.get().status).toBe('live');
      proxy.deafen();
      const since = Date.now();
      const sent = client.send({ type: 'turn.start', sessionId: id, input: 'typed on a dead line' });
      expect(handle.get().optimistic).toHaveLength(1);
      await expect.poll(() => client.connection.get().status, { interval: 20 }).not.toBe('online');
      // The bound itself is proven by the clock of a test; a machine that is busy may be late.
      expect(Date.now() - since).toBeLessThan(15_000);
      proxy.mend();
      await sent;
      await expect.poll(() => finished(handle.get())).toBe(1);
      expect((await readTimeline(id)).turns).toHaveLength(1);
      client.close();
      await proxy.close();
    }));
});

function finished(snapshot: SessionSnapshot): number {
  return snapshot.timeline.turns.filter((turn) => turn.state === 'completed').length;
}

test('a consumer that reads nothing slows nobody and loses nothing durable', async () => {
  const rehearsal = await startRehearsal({
    scenario: parseScenario(`
title: Much text
turns:
  - steps:
      - say: { text: "A line of text that fills the pipe to the brim. ", repeat: 600 }
`),
  });
  const id = await createSession(rehearsalEnv(rehearsal));
  const slow = await connectPeer(baton.url, OWNER_KEY);
  const fast = await connectPeer(baton.url, OWNER_KEY);
  slow.send({ type: 'subscribe', sessionId: id, after: 0 });
  fast.send({ type: 'subscribe', sessionId: id, after: 0 });
  await slow.until((frame) => frame.type === 'caught-up');
  slow.pause();
  const turnIds = Array.from({ length: 12 }, () => createId('turn'));
  for (const turnId of turnIds) await fast.command({ type: 'turn.start', sessionId: id, turnId, input: 'more' });
  await fast.event(id, 'turn.ended', (event) => event.turnId === turnIds.at(-1));
  expect(slow.frames.length).toBeLessThan(fast.frames.length);
  slow.resume();
  await slow.event(id, 'turn.ended', (event) => event.turnId === turnIds.at(-1));
  expect(slow.events(id)).toEqual(fast.events(id));
  expect(slow.events(id).map((each) => each.seq)).toEqual(slow.events(id).map((_, index) => index + 1));
  slow.close();
  fast.close();
  await rehearsal.close();
});
