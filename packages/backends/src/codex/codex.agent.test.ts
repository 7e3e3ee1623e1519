import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentReport, Backend, Clock, OpenOptions } from '@baton/core';
import type { Item } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type OpenCodex,
  type Place,
  VERSION,
  createBackend,
  createPlace,
  openCodex,
} from './__fixtures__/open-codex.ts';

// What the built-in scenes do not have.
const SCENARIO = `
title: Codex's own ways
turns:
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600" } }
  - when: start a server
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600", yield_time_ms: 300 } }
      - say: It runs.
  - when: much output
    steps:
      - call: { tool: run, input: { command: "seq 1 400000; sleep 0.5; seq 1 400000" } }
      - say: That was much.
  - when: edit it
    steps:
      - call: { tool: edit, input: { path: a.txt, old: one, new: two } }
      - say: Edited.
  - when: go beyond
    steps:
      - call: { tool: run, input: { command: "echo beyond > ../beyond.txt", sandbox_permissions: require_escalated, justification: May I go beyond? } }
      - say: I went beyond.
  - when: reach out
    steps:
      - call: { tool: run, input: { command: "echo beyond > ../beyond.txt" } }
      - say: I did.
  - when: count words
    steps: [{ say: { text: "word ", repeat: 400, pace: 20 } }]
  - steps: [{ say: "I am here. You said {{prompt}}" }]
`;

let rehearsal: Rehearsal;
let place: Place;
let backend: Backend;
const opened: OpenCodex[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'codex' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
  backend = createBackend(place, rehearsal);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await backend.close?.();
  await place.remove();
});

function open(more: Partial<OpenOptions> = {}, of: Backend = backend): OpenCodex {
  const codex = openCodex(of, place, more);
  opened.push(codex);
  return codex;
}

const items = (codex: OpenCodex): Item[] => codex.of('item.ended').map(({ item }) => item);
const tools = (codex: OpenCodex) => items(codex).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (codex: OpenCodex) =>
  items(codex)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

async function answer(codex: OpenCodex, option: string, more: { note?: string; nth?: number } = {}): Promise<void> {
  const { approvalId } = await codex.nth('approval.requested', more.nth);
  await codex.session.answerApproval?.({ approvalId, option, note: more.note });
}

async function waitForFile(codex: OpenCodex, file: string): Promise<string> {
  for (;;) {
    const text = await codex.read(file).catch(() => '');
    if (text.trim() !== '') return text.trim();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Living processes whose command line has this text. */
function findCommands(text: string): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && existsSync(`/proc/${pid}/cmdline`))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(text) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

/** Real time, which a test can move on. */
function createTestClock(): Clock & { advance(ms: number): void } {
  let ahead = 0;
  const waiting = new Set<{ at: number; call(): void }>();
  const now = () => Date.now() + ahead;
  function fire(): void {
    for (const entry of [...waiting]) {
      if (entry.at > now()) continue;
      waiting.delete(entry);
      entry.call();
    }
  }
  return {
    now,
    after(ms, call) {
      const entry = { at: now() + ms, call };
      waiting.add(entry);
      const timer = setTimeout(fire, ms);
      timer.unref();
      return () => {
        waiting.delete(entry);
        clearTimeout(timer);
      };
    },
    advance(ms) {
      ahead += ms;
      fire();
    },
  };
}

// All that begins ends once, children before their turn, and nothing comes after the exit.
function checkLaws(reports: readonly AgentReport[]): void {
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (const report of reports) {
    if (report.type === 'item.started') begun.add(report.itemId);
    if (report.type === 'item.delta') expect(begun).toContain(report.itemId);
    if (report.type === 'item.ended') {
      expect(begun.delete(report.itemId)).toBe(true);
      expect(ended.has(report.itemId)).toBe(false);
      ended.add(report.itemId);
    }
    if (report.type === 'turn.ended') expect([...begun]).toEqual([]);
  }
  expect(reports.filter((report) => report.type === 'agent.exited').length).toBe(1);
  expect(reports.at(-1)?.type).toBe('agent.exited');
}

test('says what it is and offers, streams a turn, and ends when told', async () => {
  const codex = open();
  expect(await codex.run('[scene simple] hello')).toMatchObject({
    outcome: 'completed',
    point: expect.any(String),
    usage: { inputTokens: 1050, outputTokens: 20, cacheReadTokens: 100 },
  });
  expect(codex.of('agent.started')).toMatchObject([
    { version: VERSION, pid: expect.any(Number), nativeId: expect.any(String) },
  ]);
  const ready = codex.of('agent.ready').at(-1);
  expect(ready?.models.find((model) => model.id === 'gpt-5.5')?.efforts).toContain('high');
  expect(ready?.modes.map(({ id }) => id)).toContain('plan');
  expect(ready?.commands.map(({ name }) => name)).toContain('compact');
  expect(codex.of('session.configured')).toMatchObject([{ model: expect.any(String), mode: 'ask', by: 'agent' }]);
  expect(items(codex)).toEqual([
    { type: 'reasoning', text: 'The user greets me. A short answer will do.' },
    { type: 'agent-message', text: 'Hello from the rehearsal. I heard you.' },
  ]);
  expect(codex.of('item.delta').length).toBeGreaterThan(2);
  expect(codex.of('usage.updated').at(-1)?.context?.size).toBeGreaterThan(0);
  await codex.session.stop();
  expect(codex.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
  expect(codex.of('raw.received')).toEqual([]);
  checkLaws(codex.reports);
});

// The newest models call their tools from code of theirs; older ones call them one by one.
describe.each(['gpt-6.1-sol', 'gpt-5.5'])('%s', (model) => {
  test('runs a command that was allowed once, and takes a note with a refusal', async () => {
    const codex = open({ model });
    const first = codex.run('[scene approval] Write the note');
    await answer(codex, 'allow');
    expect(await first).toMatchObject({ outcome: 'completed' });
    expect(await codex.read('note.txt')).toBe('hello\n');
    expect(codex.of('approval.requested')).toMatchObject([
      { title: "printf 'hello\\n' > note.txt", action: { kind: 'execute', tool: 'exec_command' } },
    ]);
    expect(tools(codex)).toMatchObject([
      {
        kind: 'execute',
        title: "printf 'hello\\n' > note.txt",
        status: 'completed',
        output: [{ type: 'terminal', exitCode: 0 }],
      },
    ]);
    expect(said(codex)).toContain('The note is written.');
    const second = codex.run('[scene approval] Write the note');
    await answer(codex, 'deny', { note: 'Not in this folder', nth: 2 });
    expect(await second).toMatchObject({ outcome: 'completed' });
    expect(tools(codex).at(-1)).toMatchObject({ status: 'denied' });
    expect(said(codex)).toContain('I was told: ');
    expect(said(codex)).toContain('The user declined this, and says: Not in this folder');
  });

  test('shows edits as diffs, and asks for each', async () => {
    await writeFile(join(place.cwd, 'a.txt'), 'zero\none\nthree\n');
    const codex = open({ model });
    const turn = codex.run('Please edit it');
    await answer(codex, 'allow');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(await codex.read('a.txt')).toBe('zero\ntwo\nthree\n');
    expect(codex.of('approval.requested')).toMatchObject([{ title: 'Edit a.txt', action: { kind: 'edit' } }]);
    expect(tools(codex)).toMatchObject([
      {
        kind: 'edit',
        title: 'Edit a.txt',
        output: [
          {
            type: 'diff',
            path: join(place.cwd, 'a.txt'),
            added: 1,
            removed: 1,
            patch: expect.stringContaining('-one\n+two'),
          },
        ],
      },
    ]);
  });

  test('stops a running command, and nothing of it is left', async () => {
    const codex = open({ model, mode: 'auto' });
    const turn = codex.run('Please leave something running');
    await waitForFile(codex, 'pid.txt');
    await codex.until((report) => report.type === 'item.started' && report.item.type === 'tool-call');
    expect(findCommands(place.cwd)).not.toEqual([]);
    await codex.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(findCommands(place.cwd)).toEqual([]);
    expect(tools(codex)).toMatchObject([{ status: 'interrupted' }]);
    expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
    await codex.session.stop();
    checkLaws(codex.reports);
  });
});

test('does not ask again for what was always allowed', async () => {
  const codex = open();
  const first = codex.run('[scene approval] Write the note');
  await answer(codex, 'always');
  await first;
  expect(await codex.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('approval.requested').length).toBe(1);
  expect(tools(codex).map(({ status }) => status)).toEqual(['completed', 'completed']);
});

test('works by itself in the folder, and asks to reach beyond it', async () => {
  const codex = open({ mode: 'auto' });
  expect(await codex.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('approval.requested')).toEqual([]);
  const turn = codex.run('[scene codex] Please go beyond');
  expect(await codex.nth('approval.requested')).toMatchObject({ risk: { reasons: ['May I go beyond?'] } });
  await answer(codex, 'allow');
  await turn;
  expect(await codex.read('../beyond.txt')).toBe('beyond\n');
});

test('does what it likes with full access, and nothing in plan mode', async () => {
  const codex = open({ mode: 'full-access' });
  await codex.run('Please reach out');
  expect(await codex.read('../beyond.txt')).toBe('beyond\n');
  await codex.session.configure?.({ mode: 'plan' });
  await codex.run('[scene approval] Write the note');
  expect(existsSync(join(place.cwd, 'note.txt'))).toBe(false);
  await codex.session.configure?.({ mode: 'full-access' });
  await codex.run('[scene approval] Write the note');
  expect(await codex.read('note.txt')).toBe('hello\n');
});

test('takes answers to its questions', async () => {
  const codex = open();
  const turn = codex.run('[scene question] Set up the project');
  const { questionId, questions } = await codex.nth('question.asked');
  expect(questions[0]).toMatchObject({
    question: 'Which colour shall it be?',
    options: [{ label: 'Red' }, { label: 'Blue' }],
  });
  await codex.session.answerQuestion?.({
    questionId,
    answers: { q1: 'Blue', 'Which parts do you want?': ['Server', 'Docs'] },
  });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(codex)).toContain('Blue');
  expect(said(codex)).toContain('"Server","Docs"');
});

test('shows the plan it keeps', async () => {
  const codex = open({ mode: 'auto' });
  await codex.run('[scene todo] Work');
  expect(codex.of('plan.updated').at(-1)?.entries).toEqual([
    { title: 'Look around', status: 'completed' },
    { title: 'Write the note', status: 'completed' },
  ]);
});

test('stops in the middle of a text and keeps what was said', async () => {
  const codex = open();
  const turn = codex.run('[scene long-stream] go');
  await codex.nth('item.delta', 5);
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(said(codex)).toContain('The story');
  expect(await codex.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
});

test('withdraws an open approval when it is interrupted', async () => {
  const codex = open();
  const turn = codex.run('[scene approval] Write the note');
  const { approvalId } = await codex.nth('approval.requested');
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(codex.of('approval.withdrawn')).toMatchObject([{ approvalId }]);
  await expect(codex.session.answerApproval?.({ approvalId, option: 'allow' })).rejects.toMatchObject({
    kind: 'approval-already-answered',
  });
});

test('reads what is added to a running turn', async () => {
  const codex = open({ mode: 'auto' });
  await expect(codex.session.steer?.([{ type: 'text', text: 'too early' }])).rejects.toMatchObject({
    kind: 'turn-not-running',
  });
  const turn = codex.run('Please count words');
  await codex.nth('item.delta', 3);
  await codex.session.steer?.([{ type: 'text', text: 'and remember the elephant' }]);
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said(codex)).toContain('You said and remember the elephant');
});

test('changes model, effort and mode while it runs, and refuses modes there are not', async () => {
  const codex = open({ mode: 'auto' });
  await codex.run('hello');
  await codex.session.configure?.({ model: 'gpt-5.5', effort: 'high', mode: 'ask' });
  const turn = codex.run('[scene approval] Write the note');
  await answer(codex, 'allow');
  await turn;
  expect(rehearsal.requests().at(-1)).toMatchObject({ model: 'gpt-5.5', body: { reasoning: { effort: 'high' } } });
  await expect(codex.session.configure?.({ mode: 'yolo' })).rejects.toMatchObject({ kind: 'invalid-input' });
});

test('takes images and files in a prompt', async () => {
  const codex = open();
  const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  await codex.run([
    { type: 'text', text: '[scene image] Look' },
    { type: 'image', mediaType: 'image/png', data },
    { type: 'file', path: 'notes.txt' },
  ]);
  expect(said(codex)).toContain('I see 1: image/png');
  expect(rehearsal.requests().at(-1)?.prompt).toContain('`notes.txt`');
});

test('nests what a subagent does under the call that began it', async () => {
  const codex = open({ mode: 'auto' });
  await codex.run('[scene subagent] Let a subagent look');
  const call = await codex.until(
    (report) => report.type === 'item.started' && report.item.type === 'tool-call' && report.item.kind === 'subagent',
  );
  const inner = await codex.until((report) => report.type === 'item.started' && report.parentItemId !== undefined);
  expect(inner).toMatchObject({ parentItemId: call.type === 'item.started' ? call.itemId : '' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test.each([
  ['401', 'backend-not-authenticated'],
  ['429', 'rate-limited'],
  ['500', 'model-failed'],
  ['overloaded', 'model-failed'],
  ['400', 'model-failed'],
  ['drop', 'model-failed'],
])('says why a turn failed: %s', async (fault, kind) => {
  const codex = open({}, createBackend(place, rehearsal, { bounds: { limitMs: 100 } }));
  const ended = await codex.run(`[scene errors] ${fault}`);
  expect(ended).toMatchObject({ outcome: 'failed', error: { kind, message: expect.stringMatching(/\. \S.*\.$/) } });
  expect(await codex.run('[scene codex] hello')).toMatchObject({ outcome: 'completed' });
});

test('says that the model cannot be reached', async () => {
  const codex = open({ env: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } });
  const ended = await codex.run('hello');
  expect(ended).toMatchObject({ outcome: 'failed', error: { message: expect.stringContaining('cannot be reached') } });
});

test('fails a turn whose model hangs, by its own clock, and can go on', async () => {
  const clock = createTestClock();
  const codex = open({}, createBackend(place, rehearsal, { clock, bounds: { quietMs: 120_000, hangMs: 600_000 } }));
  const turn = codex.run('[scene errors] hang mid-stream');
  await codex.until((report) => report.type === 'item.delta' && report.text.includes('beginning'));
  clock.advance(120_000);
  expect(await codex.nth('notice.raised')).toMatchObject({ text: expect.stringContaining('quiet for 2 min') });
  clock.advance(480_000);
  expect(await turn).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
  expect(await codex.run('[scene codex] hello')).toMatchObject({ outcome: 'completed' });
});

test('leaves nothing running when it is stopped, whatever runs in the background', async () => {
  const codex = open({ mode: 'full-access' });
  expect(await codex.run('Please start a server')).toMatchObject({ outcome: 'completed' });
  const pid = await waitForFile(codex, 'pid.txt');
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  expect(tools(codex)).toMatchObject([
    { status: 'completed', output: [{ text: expect.stringContaining('background') }] },
  ]);
  const other = open({ mode: 'full-access' });
  await other.nth('agent.ready');
  await codex.session.stop();
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(await other.run('hello')).toMatchObject({ outcome: 'completed' });
  checkLaws(codex.reports);
});

test('runs many conversations in one process, each in its folder, and those with another environment in another', async () => {
  const folder = join(place.root, 'other');
  await mkdir(folder);
  const [one, two, three] = [open({ mode: 'auto' }), open({ mode: 'auto', cwd: folder }), open({ env: { A: 'b' } })];
  await Promise.all([
    one.run('[scene approval] one'),
    two.run('[scene approval] two'),
    three.run('[scene echo] three'),
  ]);
  const pids = await Promise.all([one, two, three].map(async (codex) => (await codex.nth('agent.started')).pid));
  expect(pids[0]).toBe(pids[1]);
  expect(pids[0]).not.toBe(pids[2]);
  expect(await one.read('note.txt')).toBe('hello\n');
  expect(readFileSync(join(folder, 'note.txt'), 'utf8')).toBe('hello\n');
  expect(said(three)).toBe('You said: three');
});

test('keeps up with an output of megabytes', async () => {
  const codex = open({ mode: 'auto' });
  expect(await codex.run('Please give much output')).toMatchObject({ outcome: 'completed' });
  const [tool] = tools(codex);
  expect(tool).toMatchObject({
    status: 'completed',
    output: [{ type: 'terminal', exitCode: 0, cut: expect.any(Number) }],
  });
});

test('sums up on /compact', async () => {
  const codex = open();
  await codex.run('hello');
  expect(await codex.run('/compact')).toMatchObject({ outcome: 'completed' });
  expect(codex.of('notice.raised').map(({ text }) => text)).toContain('The conversation was compacted.');
});

describe('coming back', () => {
  test('resumes after it was stopped, and after its process was killed', async () => {
    const first = open({ mode: 'auto' });
    await first.run('[scene echo] one');
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = open({ nativeId, mode: 'auto' });
    await second.run('two');
    expect(await second.nth('agent.started')).toMatchObject({ nativeId });
    expect(said(second)).toBe('You said: two');
    void second.send('[scene codex] leave something running');
    const pid = await waitForFile(second, 'pid.txt');
    process.kill((await second.nth('agent.started')).pid ?? 0, 'SIGKILL');
    expect(await second.nth('agent.exited')).toMatchObject({
      signal: 'SIGKILL',
      expected: false,
      failure: { kind: 'agent-exited', message: expect.stringContaining('Send a prompt') },
    });
    expect(findCommands(place.cwd)).toEqual([]);
    expect(pid).not.toBe('');
    const third = open({ nativeId, mode: 'auto' });
    expect(await third.run('[scene echo] three')).toMatchObject({ outcome: 'completed' });
    expect(third.of('agent.started')[0]?.nativeId).toBe(nativeId);
    expect(JSON.stringify(rehearsal.requests().at(-1)?.body)).toContain('You said: one');
  });

  test('begins anew when there was never a turn, and does not when there was', async () => {
    const first = open();
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = open({ nativeId });
    expect(await second.run('[scene echo] one')).toMatchObject({ outcome: 'completed' });
    const known = await second.nth('agent.started');
    await second.session.stop();
    await rm(join(place.home, '.codex', 'sessions'), { recursive: true });
    await rm(join(place.root, 'data'), { recursive: true });
    await backend.close?.();
    const lost = openCodex(createBackend(place, rehearsal), place, {
      nativeId: known.nativeId,
      async *history() {
        const event = second.of('item.ended')[0];
        const at = '2026-01-02T03:04:05.000Z';
        if (event !== undefined) yield { sessionId: 'ses_1' as never, seq: 1, at, event };
      },
    });
    expect(await lost.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: { message: expect.stringContaining('no longer has it') },
    });
  });

  test('forks at a point, and goes back to it', async () => {
    const codex = open();
    const { point } = await codex.run('[scene echo] one');
    await codex.run('two');
    const { nativeId = '' } = await codex.nth('agent.started');
    const forked = open({ branch: { kind: 'fork', nativeId, point } });
    await forked.run('three');
    const body = JSON.stringify(rehearsal.requests().at(-1)?.body);
    expect(body).toContain('You said: one');
    expect(body).not.toContain('You said: two');
    expect((await forked.nth('agent.started')).nativeId).not.toBe(nativeId);
    await codex.session.stop();
    const rewound = open({ nativeId, branch: { kind: 'rewind', nativeId, point } });
    await rewound.run('four');
    expect(await rewound.nth('agent.started')).toMatchObject({ nativeId });
    expect(JSON.stringify(rehearsal.requests().at(-1)?.body)).not.toContain('You said: two');
  });
});

test("leaves the user's own settings alone, and does not start on settings it cannot read", async () => {
  const config = join(place.home, '.codex', 'config.toml');
  await mkdir(join(place.home, '.codex'));
  await mkdir(join(place.cwd, '.git'));
  await writeFile(config, 'model = "gpt-5.5"\nsandbox_mode = "read-only"\napproval_policy = "on-request"\n');
  const codex = open();
  await codex.run('hello');
  expect(codex.of('session.configured')).toMatchObject([{ model: 'gpt-5.5', mode: 'read-only' }]);
  expect(readFileSync(config, 'utf8')).not.toContain('projects');
  await codex.session.stop();
  await writeFile(config, 'approval_policy = "whenever"\n');
  const broken = open();
  expect(await broken.nth('agent.exited')).toMatchObject({
    failure: { kind: 'invalid-input', message: expect.stringContaining('config.toml') },
  });
});
