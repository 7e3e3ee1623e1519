import { spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReport } from '@baton/core';
import { createId, parseJson } from '@baton/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createManualClock } from '@baton/testkit';
import { checkLaws } from '../claude/__fixtures__/play.ts';
import {
  createPlace,
  openAcp,
  type OpenAcp,
  type OpenChoice,
  type Place,
  toCutHistory,
  toFixtureAgent,
} from './__fixtures__/open-acp.ts';

const printedSchema = z.object({ exit: z.unknown(), output: z.string() });

let place: Place;
const opened: OpenAcp[] = [];

beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

// Real ends, soon: the programs here have nothing to put in order.
const STOP = { protocolMs: 500, interruptMs: 200, terminateMs: 200 };

function open(how = 'good', more: Partial<OpenChoice> = {}): OpenAcp {
  const { backend, ...rest } = more;
  const bounds = { stop: STOP, settleMs: 30, ...backend?.bounds };
  const agent = openAcp({ place, definition: toFixtureAgent(how), ...rest, backend: { ...backend, bounds } });
  opened.push(agent);
  return agent;
}

const said = (agent: OpenAcp): string =>
  agent
    .of('item.ended')
    .flatMap(({ item }) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');
const calls = (agent: OpenAcp) =>
  agent.of('item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

// Prompted turns have ids of their own here.
const lawful = (reports: readonly AgentReport[]): AgentReport[] =>
  reports.filter((report) => report.type !== 'turn.ended' && report.type !== 'turn.started');

describe('a bad program', () => {
  test('that is not there', async () => {
    const agent = open('good', {
      definition: toFixtureAgent('good', { command: 'no-such-agent-anywhere', install: 'Get it' }),
    });
    expect(await agent.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: {
        kind: 'backend-not-installed',
        message: expect.stringMatching(/Fixture agent is not installed.*Get it\./),
      },
    });
    expect(agent.reports.length).toBe(1);
  });

  test('that ends at once says its last words', async () => {
    const agent = open('exit');
    const prompt = agent.send('hello').catch((error: unknown) => error);
    expect(await agent.nth('agent.exited')).toMatchObject({
      code: 3,
      expected: false,
      failure: {
        kind: 'agent-exited',
        message: expect.stringMatching(/ended with code 3 before it spoke.*no key was found/),
      },
    });
    expect(await prompt).toMatchObject({ kind: 'agent-exited' });
  });

  test('that ends well without a word', async () => {
    expect(await open('exit-well').nth('agent.exited')).toMatchObject({
      code: 0,
      expected: false,
      failure: { kind: 'agent-exited' },
    });
  });

  test('that floods', async () => {
    const agent = open('flood');
    const { failure } = await agent.nth('agent.exited');
    expect(failure?.message).toMatch(/does not speak the Agent Client Protocol: all work and no play/);
    expect(failure?.message.length).toBeLessThan(800);
    expect(agent.of('raw.received')).toEqual([]);
  });

  test.each([
    ['silent', /within 60 s\. Check/],
    ['chatty', /within 60 s; it said instead: .*no terminal\. Check/],
  ])('that is %s, within its time', async (how, message) => {
    const clock = createManualClock();
    const agent = open(how, { backend: { clock } });
    const hasPrinted = () => {
      clock.advance(100);
      return agent.of('agent.output').length > 0;
    };
    if (how === 'chatty') await expect.poll(hasPrinted).toBe(true);
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        clock.advance(61_000);
        if (agent.of('agent.exited').length === 0) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    const { failure } = await agent.nth('agent.exited');
    expect(failure).toMatchObject({ kind: 'agent-unresponsive', message: expect.stringMatching(message) });
  });

  test('of another version of the protocol', async () => {
    const { failure } = await open('version-2').nth('agent.exited');
    expect(failure?.message).toContain('speaks version 2');
  });

  test('that prints too much beside its messages', async () => {
    const agent = open('errors-only');
    expect(await agent.run('hello')).toMatchObject({ outcome: 'completed' });
    await agent.session.stop();
    expect(agent.of('agent.output').length).toBe(1000);
    expect(agent.of('notice.raised')[0]?.text).toContain('prints too much');
  });

  test('that dies in a turn', async () => {
    const agent = open();
    void agent.send('die');
    expect(await agent.nth('agent.exited')).toMatchObject({
      code: 7,
      failure: { message: expect.stringMatching(/out of memory.*Send a prompt/) },
    });
    expect(agent.reports.at(-1)?.type).toBe('agent.exited');
  });

  test('that does not want to end is ended', async () => {
    const agent = open('ignores-end');
    await agent.run('hello');
    await agent.session.stop();
    expect(agent.reports.at(-1)).toMatchObject({ type: 'agent.exited', signal: 'SIGKILL', expected: true });
  });
});

describe('a turn', () => {
  test('streams, is counted and ends', async () => {
    const agent = open();
    expect(await agent.run('hello')).toMatchObject({
      outcome: 'completed',
      usage: { inputTokens: 1, outputTokens: 2 },
    });
    expect(said(agent)).toBe('heard: hello');
    expect(agent.of('agent.started')).toMatchObject([
      { version: '1.2.3', pid: expect.any(Number), nativeId: 'conversation-1' },
    ]);
    expect(agent.of('agent.ready')[0]).toMatchObject({
      nativeId: 'conversation-1',
      models: [{ id: 'small', efforts: ['low', 'high'] }, { id: 'large' }],
      modes: [{ id: 'ask' }, { id: 'go' }],
    });
  });

  test('asks two things at once, each with its own answer', async () => {
    const agent = open();
    const turn = agent.run('two');
    const [first, second] = [await agent.nth('approval.requested', 1), await agent.nth('approval.requested', 2)];
    expect(first).toMatchObject({ title: 'touch one', action: { kind: 'execute', input: { command: 'touch one' } } });
    expect(first.options.map(({ id, kind }) => [id, kind])).toEqual([
      ['yes-1', 'allow-once'],
      ['ever-2', 'allow-always'],
      ['no-3', 'deny-once'],
    ]);
    await agent.session.answerApproval?.({ approvalId: second.approvalId, option: 'no-3' });
    await expect(
      agent.session.answerApproval?.({ approvalId: first.approvalId, option: 'odd-4' }),
    ).rejects.toMatchObject({
      kind: 'invalid-input',
    });
    await agent.session.answerApproval?.({ approvalId: first.approvalId, option: 'yes-1' });
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(calls(agent).map(({ status, title }) => [title, status])).toEqual([
      ['touch two', 'denied'],
      ['touch one', 'completed'],
    ]);
    await expect(
      agent.session.answerApproval?.({ approvalId: first.approvalId, option: 'yes-1' }),
    ).rejects.toMatchObject({
      kind: 'approval-already-answered',
    });
    checkLaws(lawful(agent.reports));
  });

  test('hears in the same turn what was said about a denial', async () => {
    const agent = open();
    const turn = agent.run('two');
    const [first, second] = [await agent.nth('approval.requested', 1), await agent.nth('approval.requested', 2)];
    await agent.session.answerApproval?.({ approvalId: first.approvalId, option: 'no-3', note: ' use printf ' });
    await agent.session.answerApproval?.({ approvalId: second.approvalId, option: 'yes-1', note: 'not told' });
    expect(await turn).toMatchObject({ outcome: 'completed', usage: { inputTokens: 2, outputTokens: 4 } });
    expect(said(agent)).toContain('heard: The user denied "touch one" and says: use printf');
    expect(said(agent)).not.toContain('not told');
    expect(agent.of('turn.ended')).toHaveLength(1);
    checkLaws(lawful(agent.reports));
  });

  test('that is interrupted answers what was asked, and ends', async () => {
    const agent = open();
    const turn = agent.run('wait');
    const { approvalId } = await agent.nth('approval.requested');
    await agent.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(agent.of('approval.withdrawn')).toMatchObject([{ approvalId }]);
    expect(calls(agent)).toMatchObject([{ status: 'interrupted' }]);
    expect(await agent.run('hello')).toMatchObject({ outcome: 'completed' });
  });

  test('that cannot be interrupted costs the process, and says so', async () => {
    const clock = createManualClock();
    const agent = open('deaf', { backend: { clock } });
    await agent.send('hang');
    await agent.session.interrupt?.();
    clock.advance(20_000);
    expect(await agent.nth('turn.ended')).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
    expect(await agent.nth('agent.exited')).toMatchObject({ failure: { kind: 'agent-unresponsive' } });
  });

  test('of an agent that says nothing for long is told of, and then failed', async () => {
    const clock = createManualClock();
    const agent = open('deaf', { backend: { clock } });
    await agent.send('hang');
    clock.advance(3 * 60_000);
    expect((await agent.nth('notice.raised')).text).toContain('quiet for 3 min');
    clock.advance(12 * 60_000);
    await expect.poll(() => (clock.advance(20_000), agent.of('turn.ended').length)).toBe(1);
    expect(agent.of('turn.ended')).toMatchObject([{ outcome: 'failed', error: { kind: 'agent-unresponsive' } }]);
  });

  test('of its own gets what comes after the answer', async () => {
    const agent = open();
    expect(await agent.run('late')).toMatchObject({ outcome: 'completed' });
    const own = await agent.nth('turn.started');
    expect(own).toMatchObject({ by: 'agent', input: [] });
    await agent.until((report) => report.type === 'turn.ended' && report.turnId === own.turnId);
    expect(said(agent)).toBe('in the turn\nafter the turn');
  });

  test.each([
    ['fail', 'rate-limited', 'slow down'],
    ['cut', 'model-failed', 'smaller parts'],
  ])('that fails says why: %s', async (prompt, kind, words) => {
    const ended = await open().run(prompt);
    expect(ended).toMatchObject({ outcome: 'failed', error: { kind, message: expect.stringContaining(words) } });
  });

  test('is steered', async () => {
    const agent = open();
    const turn = agent.run('wait');
    await agent.nth('approval.requested');
    await agent.session.steer?.([{ type: 'text', text: 'left' }]);
    await agent.answer('allow-once');
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(said(agent)).toBe('steered: left');
    await expect(agent.session.steer?.([{ type: 'text', text: 'left' }])).rejects.toMatchObject({
      kind: 'turn-not-running',
    });
  });

  test('shows plans, notices, cost and links', async () => {
    const agent = open();
    expect(await agent.run('rich')).toMatchObject({ costUsd: 0.5 });
    expect(agent.of('plan.updated').map(({ entries }) => entries)).toEqual([
      [{ title: 'Look', status: 'in-progress' }],
      [
        { title: 'Look', status: 'completed' },
        { title: 'Do', status: 'pending' },
      ],
    ]);
    expect(agent.of('notice.raised').map(({ text }) => text)).toEqual([
      'Careful: It is late',
      expect.stringContaining('shortened'),
    ]);
    expect(agent.of('usage.updated')[0]).toMatchObject({ context: { used: 10, size: 100 }, costUsd: 0.5 });
    expect(agent.of('session.configured').at(-1)).toMatchObject({ mode: 'go', by: 'agent' });
    expect(said(agent)).toBe('[a.txt](file:///a.txt)');
  });

  test('keeps what nobody knows, and answers requests that nobody knows', async () => {
    const agent = open();
    await agent.run('odd');
    expect(said(agent)).toContain('-32601');
    expect(agent.of('raw.received').map(({ payload }) => payload)).toMatchObject([
      'this is no message',
      { method: 'odd/notification' },
      { method: 'session/update' },
      { method: 'odd/request' },
    ]);
  });

  test('takes files as links, and no images where the agent takes none', async () => {
    const agent = open();
    await agent.run([
      { type: 'text', text: 'see' },
      { type: 'file', path: 'a b.txt' },
    ]);
    expect(said(agent)).toBe(`heard: see [resource_link file://${place.cwd}/a%20b.txt]`);
    const image = { type: 'image', mediaType: 'image/png', data: 'aGVsbG8=' } as const;
    await expect(agent.send([image])).rejects.toMatchObject({ kind: 'capability-missing' });
    const other = open('images');
    await other.run([image]);
    expect(said(other)).toBe('heard: [image image/png]');
  });
});

describe('questions', () => {
  test('a form becomes questions, and their answers its content', async () => {
    const agent = open();
    const turn = agent.run('ask');
    const { questionId, questions } = await agent.nth('question.asked');
    expect(questions).toMatchObject([
      { id: 'colour', question: 'Colour', multiSelect: false, options: [{ label: 'Red' }, { label: 'Blue' }] },
      { id: 'parts', multiSelect: true, options: [{ label: 'web' }, { label: 'server' }] },
      { id: 'count', question: 'How many?', options: [] },
      { id: 'sure', options: [{ label: 'Yes' }, { label: 'No' }] },
    ]);
    const answers = { colour: 'Blue', Parts: ['web'], count: '3', sure: 'Yes' };
    await agent.session.answerQuestion?.({ questionId, answers });
    await turn;
    expect(said(agent)).toBe('{"action":"accept","content":{"colour":"b","parts":["web"],"count":3,"sure":true}}');
  });

  test('an address to open becomes a question whether it was done', async () => {
    const agent = open();
    const turn = agent.run('open');
    const { questionId, questions } = await agent.nth('question.asked');
    expect(questions[0]?.question).toContain('https://example.test/x');
    await agent.session.answerQuestion?.({ questionId, answers: { url: 'No' } });
    await turn;
    expect(said(agent)).toBe('{"action":"decline"}');
  });
});

describe('what Baton does for an agent', () => {
  const call = async (method: string, params: unknown): Promise<string> => {
    const agent = open();
    await agent.run(`call ${JSON.stringify([method, params])}`);
    return said(agent);
  };

  test('reads and writes files of the folder', async () => {
    await writeFile(join(place.cwd, 'a.txt'), 'one\ntwo\nthree\n');
    const path = join(place.cwd, 'a.txt');
    expect(await call('fs/read_text_file', { path, line: 2, limit: 1 })).toBe('{"content":"two"}');
    expect(await call('fs/write_text_file', { path: join(place.cwd, 'deep/b.txt'), content: 'new' })).toBe('{}');
    expect(await readFile(join(place.cwd, 'deep/b.txt'), 'utf8')).toBe('new');
    expect(await call('fs/read_text_file', { path: join(place.cwd, 'none') })).toContain('-32002');
  });

  test.each(['../outside.txt', '/etc/hostname', 'link/secret', 'deep/../../outside.txt', 'dangling'])(
    'touches nothing outside of it: %s',
    async (path) => {
      const outside = join(place.home, 'kept');
      await mkdir(outside);
      await writeFile(join(outside, 'secret'), 'secret');
      await symlink(outside, join(place.cwd, 'link'));
      await symlink(join(outside, 'new'), join(place.cwd, 'dangling'));
      for (const method of ['fs/read_text_file', 'fs/write_text_file']) {
        const answer = await call(method, { path, content: 'mine' });
        expect(answer).toMatch(/outside of the session's folder/);
      }
      expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
      expect(await call('terminal/create', { command: 'pwd', cwd: join(place.cwd, 'link') })).toMatch(/outside/);
    },
  );

  test('runs commands, shows what they print, and keeps the end of what is too long', async () => {
    const agent = open();
    await agent.run('run seq 1 500; echo err >&2; exit 4');
    const printed = parseJson(said(agent));
    const { exit, output } = printedSchema.parse(printed.ok ? printed.value : undefined);
    expect(exit).toMatchObject({ exitCode: 4 });
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(1000);
    expect(output).toContain('500\n');
    expect(calls(agent)).toMatchObject([
      { kind: 'execute', status: 'completed', output: [{ type: 'terminal', exitCode: 4 }] },
    ]);
    const live = agent.of('item.delta').filter(({ field }) => field === 'output');
    expect(live.map(({ text }) => text).join('')).toMatch(/^1\n2\n/);
  });

  test('waits for no pipe', async () => {
    spawnSync('mkfifo', [join(place.cwd, 'pipe')]);
    for (const method of ['fs/read_text_file', 'fs/write_text_file'])
      expect(await call(method, { path: join(place.cwd, 'pipe'), content: 'x' })).toContain('is not a regular file');
  });

  test('leaves out nothing of what a command prints as errors', async () => {
    const agent = open();
    await agent.run('run seq 1 3000 >&2');
    const live = agent.of('item.delta').filter(({ field }) => field === 'output');
    expect(live.map(({ text }) => text).join('')).toMatch(/\n2999\n3000\n$/);
  });

  test('shows what a command printed before the call that shows it was told', async () => {
    const agent = open();
    await agent.run('run-late echo all of it; exit 3');
    expect(calls(agent)).toMatchObject([{ output: [{ type: 'terminal', text: 'all of it', exitCode: 3 }] }]);
  });

  test('ends commands with the session', async () => {
    const agent = open();
    void agent.send('run echo $$ > pid.txt; exec sleep 600');
    await agent.nth('item.started');
    const pid = await expect
      .poll(() => agent.read('pid.txt').catch(() => ''))
      .toMatch(/\d\n/)
      .then(() => agent.read('pid.txt'));
    await agent.session.stop();
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  test('does not do it for agents that have their own tools', async () => {
    const agent = open('good', { definition: toFixtureAgent('good', { files: false, terminals: false }) });
    await agent.run(`call ${JSON.stringify(['fs/read_text_file', { path: join(place.cwd, 'a') }])}`);
    expect(said(agent)).toContain('-32601');
  });
});

describe('choices', () => {
  test('of a new session are made before its first turn', async () => {
    const agent = open('good', { open: { model: 'small', mode: 'go', effort: 'high' } });
    await agent.run('hello');
    expect(agent.of('session.configured')).toEqual([]);
    expect(agent.of('notice.raised')).toEqual([]);
    await agent.session.configure?.({ effort: 'low', mode: 'ask' });
    await expect(agent.session.configure?.({ mode: 'fly' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await expect(agent.session.configure?.({ effort: 'huge' })).rejects.toMatchObject({
      kind: 'invalid-input',
      message: expect.stringContaining('no such value'),
    });
  });

  test('that the agent refuses are told, and what it has instead', async () => {
    const agent = open('good', { open: { mode: 'fly' } });
    expect(await agent.run('hello')).toMatchObject({ outcome: 'completed' });
    expect(agent.of('notice.raised')[0]?.text).toMatch(/mode "fly".*It goes on with what it has/);
    expect(agent.of('session.configured')).toContainEqual({ type: 'session.configured', mode: 'ask', by: 'agent' });
  });
});

describe('conversations', () => {
  const history = async function* () {
    const at = '2026-01-02T03:04:05.000Z';
    const turnId = createId('turn');
    yield {
      sessionId: 'ses_1' as never,
      seq: 1,
      at,
      event: { type: 'turn.ended', turnId, outcome: 'completed', durationMs: 1 },
    } as const;
  };

  test('are resumed without being repeated', async () => {
    const agent = open('good', { open: { nativeId: 'earlier' } });
    await agent.run('hello');
    expect(agent.of('agent.ready')[0]?.nativeId).toBe('earlier');
    expect(said(agent)).toBe('heard: hello');
  });

  test('are loaded, and what is repeated is not shown again', async () => {
    const agent = open('loads', { open: { nativeId: 'earlier' } });
    await agent.run('hello');
    expect(said(agent)).toBe('heard: hello');
    expect(calls(agent)).toEqual([]);
    expect(agent.of('turn.started')).toEqual([]);
  });

  test('that are lost are not silently begun anew', async () => {
    const agent = open('forgets', { open: { nativeId: 'earlier', history } });
    expect((await agent.nth('agent.exited')).failure?.message).toMatch(
      /Cannot resume the conversation earlier: Resource not found/,
    );
  });

  test('that were never stored, because their first turn was cut, are begun anew', async () => {
    const agent = open('good');
    await agent.run('hello');
    const next = open('forgets', { open: { nativeId: 'earlier', history: () => toCutHistory(agent) } });
    await next.run('hello');
    expect(next.of('agent.ready')[0]?.nativeId).toBe('conversation-1');
  });

  test('in which nothing ever happened are begun anew', async () => {
    const agent = open('forgets', { open: { nativeId: 'earlier' } });
    await agent.run('hello');
    expect(agent.of('agent.ready')[0]?.nativeId).toBe('conversation-1');
  });

  test('of agents that forget everything cannot be gone on with', async () => {
    const agent = open('images', { open: { nativeId: 'earlier', history } });
    expect((await agent.nth('agent.exited')).failure?.message).toContain('cannot go on with an earlier conversation');
  });

  test('are branched as a whole, and only so', async () => {
    const agent = open('good', { open: { branch: { kind: 'fork', nativeId: 'earlier' } } });
    await agent.run('hello');
    expect(agent.of('agent.ready')[0]?.nativeId).toBe('conversation-2');
    const atPoint = open('good', { open: { branch: { kind: 'fork', nativeId: 'earlier', point: 'p' } } });
    expect((await atPoint.nth('agent.exited')).failure?.kind).toBe('capability-missing');
    const incapable = open('images', { open: { branch: { kind: 'fork', nativeId: 'earlier' } } });
    expect((await incapable.nth('agent.exited')).failure?.kind).toBe('capability-missing');
  });
});

describe('signing in', () => {
  test('names the ways when there is none', async () => {
    const agent = open('locked', { definition: toFixtureAgent('locked', { signIn: 'Type fixture login' }) });
    expect((await agent.nth('agent.exited')).failure).toMatchObject({
      kind: 'backend-not-authenticated',
      message: expect.stringMatching(/It offers: A key, In a browser\. Type fixture login\./),
    });
  });

  test('uses a key of the session', async () => {
    const agent = open('locked', { open: { env: { OPENAI_API_KEY: 'right' } } });
    expect(await agent.run('hello')).toMatchObject({ outcome: 'completed' });
  });
});

describe('a look for it', () => {
  test('says what is missing, and later what it learned', async () => {
    const { backend } = open('good', { definition: toFixtureAgent('good', { command: 'no-such-agent-anywhere' }) });
    expect(await backend.probe()).toMatchObject({
      installed: false,
      problem: expect.stringContaining('not installed'),
    });
    const agent = open();
    await agent.run('hello');
    const view = await agent.backend.probe();
    expect(view).toMatchObject({ installed: true, version: '1.2.3', modes: [{ id: 'ask' }, { id: 'go' }] });
    expect(view.capabilities).toEqual(expect.arrayContaining(['fork', 'steer', 'resume', 'live-effort']));
    expect(view.capabilities).not.toContain('images');
  });
});
