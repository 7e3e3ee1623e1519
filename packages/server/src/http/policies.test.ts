import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApprovalRequest, createId, type EventOf } from '@baton/protocol';
import { createMemoryRecords } from '@baton/store';
import { describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/test-server.ts';

type Answered = EventOf<'approval.answered'>;
const NOTE = 'Use the script instead';
const OPTIONS: ApprovalRequest['options'] = [
  { id: 'once', title: 'Allow', kind: 'allow-once' },
  { id: 'always', title: 'Always', kind: 'allow-always' },
  { id: 'no', title: 'Deny', kind: 'deny-once', takesNote: true },
];

const put = (server: TestServer, rules: unknown) => server.ask('/api/v1/policies', { method: 'PUT', body: { rules } });

const SENTINEL = { id: 'sentinel', effect: 'allow', match: { tool: 'Sentinel' } };

/** A running turn whose agent can ask. */
async function begin(server: TestServer) {
  const made = await server.ask('/api/v1/sessions', {
    method: 'POST',
    body: { cwd: server.folder, backend: 'scripted', prompt: 'Go' },
  });
  expect(made.status).toBe(201);
  const agent = await server.scripted.nextAgent();
  const { turnId } = await agent.nextPrompt();

  function hear(action: ApprovalRequest['action'], options = OPTIONS): Promise<Answered> {
    const approvalId = createId('approval');
    const { promise, resolve } = Promise.withResolvers<Answered>();
    server.engine.onRecorded((recorded) => {
      for (const { event } of recorded) {
        if (event.type === 'approval.answered' && event.approvalId === approvalId) resolve(event);
      }
    });
    void agent.report({ type: 'approval.requested', approvalId, turnId, title: action.tool, action, options });
    return promise;
  }

  /** Nothing, because it is left to a person: one that comes later, and looks at a path too, is answered before. */
  async function leave(action: ApprovalRequest['action'], options = OPTIONS): Promise<Answered | undefined> {
    const left = hear(action, options);
    await hear({ kind: 'read', tool: 'Sentinel', input: { path: 'some/where/else' } });
    return Promise.race([left, Promise.resolve(undefined)]);
  }
  return { id: String(made.json.id), turnId, agent, ask: hear, leave };
}

const bash = (command: string) => ({ kind: 'execute' as const, tool: 'Bash', input: { command } });

describe('policies', () => {
  it('are kept in order, replaced as a whole, and refused as a whole', async () => {
    const records = createMemoryRecords();
    const server = await startTestServer({ records });
    expect((await server.ask('/api/v1/policies')).json).toMatchObject({ rules: [] });
    const rules = [
      { id: 'b', effect: 'allow', match: { command: 'ls' } },
      { id: 'a', effect: 'deny', match: {}, note: 'No' },
    ];
    expect(await put(server, rules)).toMatchObject({ status: 200, json: { rules } });
    for (const bad of [
      [...rules, rules[0]],
      [{ ...rules[0], effect: 'maybe' }],
      [{ ...rules[0], match: { comand: 'ls' } }],
      [{ ...rules[0], id: 'a b' }],
    ]) {
      expect((await put(server, bad)).status).toBe(400);
    }
    expect((await server.ask('/api/v1/policies')).json).toMatchObject({ rules });
    const later = await startTestServer({ records });
    expect((await later.ask('/api/v1/policies')).json).toMatchObject({ rules });
  });

  it('are not replaced by who read them before somebody else changed them', async () => {
    const server = await startTestServer();
    const save = (rules: unknown, revision: unknown) =>
      server.ask('/api/v1/policies', { method: 'PUT', body: { rules, revision } });
    const { revision } = (await server.ask('/api/v1/policies')).json;
    const mine = [{ id: 'mine', effect: 'allow', match: { command: 'ls' } }];
    const saved = await save(mine, revision);
    expect(saved).toMatchObject({ status: 200, json: { rules: mine } });
    const refused = await save([], revision);
    expect(refused).toMatchObject({ status: 409, json: { kind: 'conflict' } });
    expect(refused.json['detail']).toContain('changed by somebody else');
    expect((await server.ask('/api/v1/policies')).json).toEqual(saved.json);
    const both = await Promise.all([save([], saved.json['revision']), save([SENTINEL], saved.json['revision'])]);
    expect(both.map(({ status }) => status)).toEqual([200, 409]);
    expect(await put(server, mine)).toMatchObject({ status: 200 });
  });

  it('answer what agents ask, in the name of the rule', async () => {
    const server = await startTestServer();
    await put(server, [
      SENTINEL,
      { id: 'reads', effect: 'allow', match: { command: 'git **' } },
      { id: 'no-rm', effect: 'deny', match: { command: 'rm **' }, note: NOTE },
    ]);
    const { ask, leave, agent, id } = await begin(server);
    expect(await ask(bash('git status'))).toMatchObject({ option: 'once', by: 'policy:reads', via: 'policy' });
    expect(await ask(bash('rm x'))).toMatchObject({ option: 'no', note: NOTE, by: 'policy:no-rm', via: 'policy' });
    expect(await leave(bash('git status; curl x'))).toBeUndefined();
    expect(agent.approvals.map(({ option }) => option)).toEqual(['once', 'no', 'once']);
    const { json } = await server.ask('/api/v1/approvals?state=pending');
    expect(json.items).toMatchObject([{ sessionId: id, state: 'pending' }]);
  });

  it('leave to a person what the agent offers no single answer for', async () => {
    const server = await startTestServer();
    await put(server, [{ id: 'all', effect: 'allow', match: {} }]);
    const { ask, leave } = await begin(server);
    const [once, always, no] = OPTIONS;
    if (!once || !always || !no) throw new Error('there are three options');
    expect(await leave(bash('ls'), [always, no])).toBeUndefined();
    expect(await leave(bash('ls'), [once, { ...once, id: 'other' }, no])).toBeUndefined();
    expect(await ask(bash('ls'), [once])).toMatchObject({ option: 'once' });
  });

  it('never answer a question', async () => {
    const server = await startTestServer();
    await put(server, [{ id: 'all', effect: 'allow', match: {} }]);
    const { agent, turnId, ask } = await begin(server);
    const questionId = createId('question');
    const questions = [{ id: 'q', question: 'Really?', multiSelect: false, options: [] }];
    await agent.report({ type: 'question.asked', questionId, turnId, questions });
    await ask(bash('ls'));
    expect((await server.ask('/api/v1/questions?state=pending')).json.items).toHaveLength(1);
  });

  it('judge a path by where it leads', async () => {
    const server = await startTestServer();
    await put(server, [SENTINEL, { id: 'src', effect: 'allow', match: { path: 'src/**' } }]);
    const { ask, leave } = await begin(server);
    mkdirSync(join(server.folder, 'src'));
    writeFileSync(join(server.folder, 'secret'), '');
    symlinkSync('..', join(server.folder, 'src', 'up'));
    symlinkSync('/nowhere/at/all', join(server.folder, 'src', 'dangling'));
    const edit = (path: string) => ({ kind: 'edit' as const, tool: 'Edit', input: { file_path: path } });
    expect(await ask(edit('src/new/file.ts'))).toMatchObject({ option: 'once' });
    expect(await ask(edit(join(server.folder, 'src/a.ts')))).toMatchObject({ option: 'once' });
    for (const path of ['src/../secret', 'src/up/secret', 'src/dangling', 'src/dangling/x', '~/src/x', '/etc/passwd']) {
      expect([path, await leave(edit(path))]).toEqual([path, undefined]);
    }
  });

  it('can be tried: on an action, and on the approvals there were', async () => {
    const server = await startTestServer();
    const { leave, agent } = await begin(server);
    await put(server, [SENTINEL]);
    expect(await leave(bash('git status'))).toBeUndefined();
    expect(await leave(bash('rm x'))).toBeUndefined();
    await put(server, [{ id: 'git', effect: 'allow', match: { command: 'git **' } }]);
    const simulate = async (body: unknown) =>
      (await server.ask('/api/v1/policies/simulate', { method: 'POST', body })).json.items;
    expect(await simulate({})).toMatchObject([
      { effect: 'ask', answered: 'allow-once' },
      { effect: 'ask', answered: 'pending' },
      { effect: 'ask', answered: 'allow-once' },
      { effect: 'allow', ruleId: 'git', answered: 'pending' },
    ]);
    expect(await simulate({ rules: [{ id: 'x', effect: 'deny', match: {} }], limit: 1 })).toMatchObject([
      { effect: 'deny', ruleId: 'x' },
    ]);
    const action = { ...bash('git log'), backend: 'claude', cwd: server.folder };
    expect(await simulate({ action })).toEqual([{ title: 'Bash', effect: 'allow', ruleId: 'git' }]);
    expect(await simulate({ action: { ...action, input: { command: 'git log > x' } } })).toEqual([
      { title: 'Bash', effect: 'ask' },
    ]);
    expect(agent.approvals).toHaveLength(2);
  });
});
