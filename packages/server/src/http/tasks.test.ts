import type { Prompt } from '@baton/core';
import { toPlainText } from '@baton/protocol';
import { createMemoryRecords } from '@baton/store';
import { createManualClock, type ScriptedAgent } from '@baton/testkit';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer, type TestServerOptions } from '../../test/test-server.ts';

const TASKS = '/api/v1/tasks';

/** A server whose agents do what `play` says. */
async function start(play?: (agent: ScriptedAgent, prompt: Prompt) => void, options: TestServerOptions = {}) {
  const scripted = play === undefined ? {} : { onPrompt: play };
  const server = await startTestServer({ scripted, ...options });
  const make = (task: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    server.ask(TASKS, {
      method: 'POST',
      headers,
      body: { title: 'Work', prompt: 'Do it', backend: 'scripted', cwd: server.folder, ...task },
    });
  return { server, make, read: async (id: unknown) => (await server.ask(`${TASKS}/${String(id)}`)).json };
}

/** Resolves when the task is in one of these states; looks after each event and each answer. */
async function reach(server: TestServer, id: unknown, ...states: string[]): Promise<Record<string, unknown>> {
  for (;;) {
    const { json } = await server.ask(`${TASKS}/${String(id)}`);
    if (states.includes(String(json.state))) return json;
  }
}

const answer =
  (...texts: string[]) =>
  (agent: ScriptedAgent, { turnId }: Prompt) => {
    agent.say(turnId, texts.length > 1 ? (texts.shift() ?? '') : (texts[0] ?? ''));
    agent.end(turnId);
  };

describe('a task', () => {
  it('runs in a session of its own and has the last message as its result', async () => {
    const { server, make } = await start((agent, { turnId }) => {
      agent.say(turnId, 'first');
      agent.say(turnId, 'la', 'st');
      agent.end(turnId);
    });
    const made = await make({ title: 'Look around', mode: 'plan' });
    expect(made).toMatchObject({ status: 201, json: { title: 'Look around', attempts: 0, after: [], priority: 0 } });
    const done = await reach(server, made.json.id, 'succeeded');
    expect(done).toMatchObject({ attempts: 1, mode: 'plan' });
    const { json } = await server.ask(`${TASKS}/${String(made.json.id)}/result`);
    expect(json).toMatchObject({
      taskId: made.json.id,
      sessionId: done.sessionId,
      text: 'last',
      usage: { inputTokens: 10 },
    });
    const session = await server.ask(`/api/v1/sessions/${String(done.sessionId)}`);
    expect(session.json).toMatchObject({ title: 'Look around', mode: 'plan' });
    await vi.waitFor(() => expect(server.scripted.agents[0]?.stopped).toBe(true), 60_000);
  });

  it('is made once for the same id and for the same key', async () => {
    const { make, server } = await start();
    const one = await make({ id: 'tsk_mine' });
    expect((await make({ id: 'tsk_mine' })).json).toMatchObject({ id: 'tsk_mine', createdAt: one.json.createdAt });
    expect(await make({ id: 'tsk_mine', prompt: 'Something else' })).toMatchObject({ status: 409 });
    const key = { 'idempotency-key': 'k' };
    const two = await make({ title: 'Other' }, key);
    expect((await make({ title: 'Other' }, key)).json.id).toBe(two.json.id);
    expect((await server.ask(TASKS)).json.items).toHaveLength(2);
  });

  it('is refused for what cannot be', async () => {
    const { make, server } = await start();
    for (const task of [
      { after: ['tsk_none'] },
      { id: 'tsk_self', after: ['tsk_self'] },
      { backend: 'nope' },
      { cwd: `${server.folder}/none` },
      { cwd: 'relative' },
      { schema: { $ref: '#/nowhere' } },
      { schema: { $ref: '#' } },
      { schema: { type: 'object', pattern: '(' } },
      { retries: 99 },
    ]) {
      expect([task, (await make(task)).json.kind]).toEqual([task, 'invalid-input']);
    }
    expect((await make({ cwd: '/' })).json.kind).toBe('forbidden');
    expect((await server.ask(TASKS)).json.items).toEqual([]);
    expect((await server.ask(`${TASKS}/tsk_none`)).status).toBe(404);
  });

  it('fails with the reason of its turn, and has no result then', async () => {
    const { server, make } = await start((agent, { turnId }) => {
      void agent.report({
        type: 'turn.ended',
        turnId,
        outcome: 'failed',
        error: { kind: 'model-failed', message: 'Overloaded' },
      });
    });
    const { json } = await make();
    expect(await reach(server, json.id, 'failed')).toMatchObject({
      failure: { kind: 'model-failed', message: 'Overloaded' },
    });
    const result = await server.ask(`${TASKS}/${String(json.id)}/result`);
    expect(result).toMatchObject({ status: 409, json: { kind: 'conflict' } });
    expect(result.json.detail).toContain('Overloaded');
  });

  it('is tried again as often as was wanted, in a session of its own each time, later each time', async () => {
    const clock = createManualClock();
    const { server, make, read } = await start(
      (agent, { turnId }) => {
        agent.end(turnId, 'failed');
      },
      { clock },
    );
    const { json } = await make({ retries: 1 });
    await server.scripted.nextAgent();
    const waiting = await reach(server, json.id, 'queued');
    expect(waiting).toMatchObject({ attempts: 1, failure: { kind: 'internal' } });
    expect(server.scripted.agents).toHaveLength(1);
    clock.advance(1000);
    const failed = await reach(server, json.id, 'failed');
    expect(failed.attempts).toBe(2);
    expect(failed.sessionId).not.toBe(waiting.sessionId);
    clock.advance(120_000);
    expect(await read(json.id)).toEqual(failed);
  });

  it('fails when a person deletes, stops or interrupts its session', async () => {
    const { server, make } = await start();
    for (const act of [
      { method: 'DELETE', path: '' },
      { method: 'POST', path: '/stop' },
    ]) {
      const { json } = await make({ retries: 3 });
      const agent = await server.scripted.nextAgent();
      await agent.nextPrompt();
      const { sessionId } = await reach(server, json.id, 'running');
      await server.ask(`/api/v1/sessions/${String(sessionId)}${act.path}`, { method: act.method });
      const failed = await reach(server, json.id, 'failed');
      expect(failed).toMatchObject({ attempts: 1, failure: { kind: 'conflict' } });
    }
  });

  it('waits in the inbox like any other when its agent asks', async () => {
    const { server, make } = await start((agent, { turnId }) => void agent.ask(turnId));
    const { json } = await make();
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    const { sessionId } = await reach(server, json.id, 'running');
    const { items } = (await server.ask('/api/v1/approvals?state=pending')).json as { items: { id: string }[] };
    expect(items).toMatchObject([{ sessionId }]);
    await server.ask(`/api/v1/approvals/${items[0]?.id}/answer`, { method: 'POST', body: { option: 'allow' } });
    agent.say(turnId, 'done');
    agent.end(turnId);
    await reach(server, json.id, 'succeeded');
  });
});

describe('many tasks', () => {
  it('run so many at a time, the most urgent first, then the oldest', async () => {
    const { server, make } = await start(undefined, { limits: { tasksAtOnce: 1 } });
    const first = await make({ title: 'first' });
    for (const [title, priority] of [
      ['low', -1],
      ['old', 5],
      ['new', 5],
    ] as const)
      await make({ title, priority });
    const order: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      const agent = await server.scripted.nextAgent();
      const { turnId } = await agent.nextPrompt();
      const { items } = (await server.ask(`${TASKS}?state=running`)).json as { items: { title: string }[] };
      order.push(...items.map(({ title }) => title));
      agent.say(turnId, 'ok');
      agent.end(turnId);
    }
    expect(order).toEqual(['first', 'old', 'new', 'low']);
    await reach(server, first.json.id, 'succeeded');
  });

  it('wait for those before them, and fail with them', async () => {
    const { server, make } = await start();
    const a = (await make({ title: 'a' })).json.id;
    const b = (await make({ title: 'b', after: [a] })).json;
    const c = (await make({ title: 'c', after: [b.id, a] })).json;
    expect([b.state, c.state]).toEqual(['waiting', 'waiting']);
    const agent = await server.scripted.nextAgent();
    const { turnId } = await agent.nextPrompt();
    agent.say(turnId, 'ok');
    agent.end(turnId);
    const next = await server.scripted.nextAgent();
    await next.nextPrompt();
    await reach(server, b.id, 'running');
    const cancelled = await server.ask(`${TASKS}/${String(b.id)}/cancel`, { method: 'POST' });
    expect(cancelled).toMatchObject({ status: 202, json: { state: 'cancelled' } });
    expect((await reach(server, c.id, 'failed')).failure).toMatchObject({ message: expect.stringContaining('“b”') });
    const late = (await make({ title: 'd', after: [b.id] })).json;
    await reach(server, late.id, 'failed');
    expect(await server.ask(`${TASKS}/${String(a)}/cancel`, { method: 'POST' })).toMatchObject({ status: 409 });
    expect(await server.ask(`${TASKS}/${String(b.id)}/cancel`, { method: 'POST' })).toMatchObject({ status: 202 });
  });

  it('are listed newest first, by state, page by page', async () => {
    const { server, make } = await start();
    for (const title of ['a', 'b', 'c']) await make({ title });
    const titles = (json: Record<string, unknown>) => (json.items as { title: string }[]).map(({ title }) => title);
    const page = (await server.ask(`${TASKS}?limit=2`)).json;
    expect(titles(page)).toEqual(['c', 'b']);
    const rest = (await server.ask(`${TASKS}?limit=2&cursor=${String(page.cursor)}`)).json;
    expect([titles(rest), rest.cursor]).toEqual([['a'], undefined]);
    expect(titles((await server.ask(`${TASKS}?state=failed`)).json)).toEqual([]);
    expect((await server.ask(`${TASKS}?cursor=tsk_none`)).status).toBe(400);
  });
});

describe('a task with a schema', () => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer' } },
    required: ['n'],
    additionalProperties: false,
  };

  it.each(['{"n": 7}', 'Here you are:\n```json\n{"n": 7}\n```\n'])('takes %j', async (text) => {
    const { server, make } = await start(answer(text));
    const { json } = await make({ schema });
    await reach(server, json.id, 'succeeded');
    expect((await server.ask(`${TASKS}/${String(json.id)}/result`)).json).toMatchObject({ value: { n: 7 }, text });
    expect(toPlainText(server.scripted.agents[0]?.prompts[0]?.input ?? [])).toContain(JSON.stringify(schema));
  });

  it('says once what is wrong, in the same session', async () => {
    const { server, make } = await start(answer('{"n": "seven"}', '{"n": 7}'));
    const { json } = await make({ schema });
    expect(await reach(server, json.id, 'succeeded')).toMatchObject({ attempts: 1 });
    const [agent, other] = server.scripted.agents;
    expect(other).toBeUndefined();
    expect(toPlainText(agent?.prompts[1]?.input ?? [])).toMatch(/cannot be used.*schema/);
  });

  it('fails when that did not help', async () => {
    const { server, make } = await start(answer('no JSON'));
    const { json } = await make({ schema });
    const { failure } = await reach(server, json.id, 'failed');
    expect(failure).toMatchObject({ kind: 'model-failed', message: expect.stringContaining('not JSON') });
    expect(server.scripted.agents[0]?.prompts).toHaveLength(2);
  });
});

describe('tasks over a restart', () => {
  it('are all still there, and what waited begins', async () => {
    const records = createMemoryRecords();
    const before = await start(undefined, { records, limits: { tasksAtOnce: 1 } });
    const running = (await before.make()).json.id;
    const queued = (await before.make({ title: 'next' })).json.id;
    await before.server.scripted.nextAgent();
    // Another server on the same records, and with the same folder.
    const after = await start(answer('done'), { records, settings: { roots: [before.server.folder] } });
    await reach(after.server, queued, 'succeeded');
    expect(await reach(after.server, running, 'succeeded')).toMatchObject({ attempts: 1 });
  });
});
