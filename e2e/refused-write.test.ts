import { execFileSync } from 'node:child_process';
import { checkInvariants, evolve, noSession } from '@baton/core';
import { createId, problemSchema, recordedEventSchema, sessionViewSchema, type TurnId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';

const pageSchema = z.object({ events: z.array(recordedEventSchema) });
const LONG_PROMPT = 'a prompt that takes room '.repeat(800);

test('a disk that takes no more: work is refused in words, reads go on, and all is well when there is room again', () =>
  withScenario('echo', async (env) => {
    const baton = await startBaton({ fileLimitBlocks: 2048 });
    const { body } = await baton.request('POST', '/sessions', { backend: 'worker', cwd: baton.root, env });
    const { id } = sessionViewSchema.parse(body);
    const accepted: TurnId[] = [];
    const write = async () => {
      const turnId = createId('turn');
      const answer = await baton.request('POST', `/sessions/${id}/turns`, { id: turnId, input: LONG_PROMPT });
      if (answer.status === 202) accepted.push(turnId);
      return answer;
    };
    const refusal = await fillUp(baton, write);
    expect(problemSchema.parse(refusal.body).kind).toMatch(/store-unavailable|disk-full/);
    expect(problemSchema.parse(refusal.body)).toMatchObject({ retry: true, status: refusal.status });
    // What is smaller may still find room, and then all is well until the next that does not.
    await expect
      .poll(async () => {
        await fillUp(baton, write);
        return baton.request('GET', '/health');
      })
      .toMatchObject({ status: 200, body: { status: 'degraded' } });
    expect((await baton.request('GET', `/sessions/${id}/events?limit=10`)).status).toBe(200);
    expect((await baton.request('GET', '/sessions')).status).toBe(200);

    execFileSync('prlimit', ['--pid', String(baton.pid), '--fsize=unlimited:unlimited']);
    const last = createId('turn');
    await expect
      .poll(async () => (await baton.request('POST', `/sessions/${id}/turns`, { id: last, input: 'again' })).status, {
        interval: 200,
      })
      .toBe(202);
    expect(await baton.request('GET', '/health')).toMatchObject({ body: { status: 'ok' } });
    await expect
      .poll(async () => sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body).state)
      .toBe('idle');

    const log = pageSchema.parse((await baton.request('GET', `/sessions/${id}/events?limit=5000`)).body).events;
    expect(log.map((each) => each.seq)).toEqual(log.map((_, index) => index + 1));
    const state = log.reduce(evolve, noSession);
    expect(
      checkInvariants(
        log.map(({ event }) => event),
        state,
      ),
    ).toEqual([]);
    const started = log.flatMap(({ event }) => (event.type === 'turn.started' ? [event.turnId] : []));
    expect(started).toEqual([...accepted, last]);
    await baton.kill('SIGTERM');
  }));

async function fillUp(baton: BatonProcess, write: () => ReturnType<BatonProcess['request']>) {
  for (let count = 0; count < 2000; count += 1) {
    const answer = await write();
    if (answer.status !== 202) return answer;
  }
  throw new Error(`the limit never bit: ${baton.output()}`);
}
