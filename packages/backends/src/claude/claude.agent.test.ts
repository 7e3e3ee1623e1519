import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentReport, type Clock } from '@baton/core';
import type { Item } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type OpenChoice,
  type OpenClaude,
  type Place,
  VERSIONS,
  createPlace,
  openClaude,
} from './__fixtures__/open-claude.ts';

// What the built-in scenes do not have.
const SCENARIO = `
title: Claude Code's own ways
turns:
  - when: run a program
    steps:
      - call: { tool: run, input: { command: "node -e 1", description: Do nothing } }
      - say: That was it.
  - when: refuse
    steps: [{ say: I will not. }, { stop: refusal }]
  - when: safety classifier
    steps: [{ say: I still will not. }, { stop: refusal }]
  - when: in the background
    steps:
      - call: { tool: run, input: { command: "sleep 1; touch over.txt", description: Wait a little, background: true } }
      - say: It runs.
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600", description: Wait long } }
  - when: make tasks
    steps:
      - call: { tool: TaskCreate, input: { subject: Look around, description: Look } }
      - call: { tool: TaskUpdate, input: { taskId: "1", status: completed } }
      - say: Done.
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenClaude[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'claude' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  await place.remove();
});

function open(program: string, more: Partial<OpenChoice> = {}): OpenClaude {
  const claude = openClaude({ place, program, rehearsal, ...more });
  opened.push(claude);
  return claude;
}

const items = (claude: OpenClaude): Item[] => claude.of('item.ended').map(({ item }) => item);
const tools = (claude: OpenClaude) => items(claude).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (claude: OpenClaude) =>
  items(claude)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

async function answer(claude: OpenClaude, option: string, more: { note?: string; nth?: number } = {}): Promise<void> {
  const { approvalId } = await claude.nth('approval.requested', more.nth);
  await claude.session.answerApproval?.({ approvalId, option, note: more.note });
}

async function waitForPid(claude: OpenClaude): Promise<number> {
  for (;;) {
    const text = await claude.read('pid.txt').catch(() => '');
    if (text.trim() !== '') return Number(text);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
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
  const open = new Set<string>();
  const ended = new Set<string>();
  for (const report of reports) {
    if (report.type === 'item.started') open.add(report.itemId);
    if (report.type === 'item.delta') expect(open).toContain(report.itemId);
    if (report.type === 'item.ended') {
      expect(open.delete(report.itemId)).toBe(true);
      expect(ended.has(report.itemId)).toBe(false);
      ended.add(report.itemId);
    }
    if (report.type === 'turn.ended') expect([...open]).toEqual([]);
  }
  const exits = reports.filter((report) => report.type === 'agent.exited');
  expect(exits.length).toBe(1);
  expect(reports.at(-1)?.type).toBe('agent.exited');
}

describe.each(VERSIONS)('Claude Code $version', ({ version, program }) => {
  test('says what it is and offers, streams a turn, and ends when told', async () => {
    // It ends in its own way, however slow this machine is.
    const claude = open(program, { backend: { bounds: { stop: { protocolMs: 60_000 } } } });
    expect(await claude.run('[scene simple] hello')).toMatchObject({
      outcome: 'completed',
      costUsd: expect.any(Number),
    });
    expect(claude.of('agent.started')).toMatchObject([
      { version, pid: expect.any(Number), nativeId: expect.any(String) },
    ]);
    // Of so short a turn the end may come first.
    await claude.nth('agent.ready');
    const ready = claude.of('agent.ready').at(-1);
    expect(ready?.models.length).toBeGreaterThan(2);
    expect(ready?.commands.map(({ name }) => name)).toContain('compact');
    expect(ready?.tools).toContain('Bash');
    expect(claude.of('item.delta').length).toBeGreaterThan(2);
    expect(claude.of('usage.updated').at(-1)?.context?.size).toBeGreaterThan(0);
    await claude.session.stop();
    expect(claude.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
    checkLaws(claude.reports);
  });

  test('runs a command that was allowed once, and asks again for the next', async () => {
    const claude = open(program);
    const first = claude.run('[scene approval] Write the note');
    await answer(claude, 'allow');
    expect(await first).toMatchObject({ outcome: 'completed' });
    expect(await claude.read('note.txt')).toBe('hello\n');
    expect(tools(claude)).toMatchObject([
      { tool: 'Bash', status: 'completed', output: [{ type: 'terminal', exitCode: 0 }] },
    ]);
    const second = claude.run('[scene approval] Write the note');
    await answer(claude, 'deny', { note: 'Not in this folder', nth: 2 });
    expect(await second).toMatchObject({ outcome: 'completed' });
    expect(tools(claude).at(-1)).toMatchObject({ status: 'denied' });
    expect(said(claude)).toContain('I was told: Not in this folder');
  });

  test('does not ask again for what was always allowed', async () => {
    const claude = open(program);
    const first = claude.run('Please run a program');
    await answer(claude, 'always');
    await first;
    expect(await claude.run('Please run a program')).toMatchObject({ outcome: 'completed' });
    expect(claude.of('approval.requested')).toMatchObject([
      {
        options: [{ id: 'allow' }, { id: 'always', title: 'Always allow `node -e 1` in this project' }, { id: 'deny' }],
      },
    ]);
    expect(tools(claude).map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  test('takes answers to its questions', async () => {
    const claude = open(program);
    const turn = claude.run('[scene question] Set up the project');
    const { questionId } = await claude.nth('question.asked');
    await claude.session.answerQuestion?.({
      questionId,
      answers: { q1: 'Blue', 'Which parts do you want?': ['Server', 'Docs'] },
    });
    expect(await turn).toMatchObject({ outcome: 'completed' });
    expect(said(claude)).toContain('"Which parts do you want?"="Server, Docs"');
  });

  test('plans, is sent back to planning with a note, and starts when approved', async () => {
    const claude = open(program, { open: { mode: 'plan' } });
    const first = claude.run('[scene plan] Plan a small change');
    await answer(claude, 'keep-planning', { note: 'Make it smaller' });
    await first;
    expect(said(claude)).toContain('You told me: Make it smaller');
    const second = claude.run('[scene plan] Plan a small change');
    await answer(claude, 'accept-edits', { nth: 2 });
    expect(await second).toMatchObject({ outcome: 'completed' });
    expect(await claude.read('plan-result.txt')).toBe('done as planned\n');
    expect(claude.of('session.configured').map(({ mode }) => mode)).toContain('acceptEdits');
    expect(tools(claude).at(-1)).toMatchObject({ tool: 'Write', output: [{ type: 'diff', added: 1, removed: 0 }] });
  });

  test('stops in the middle of a text and keeps what was said', async () => {
    const claude = open(program);
    const turn = claude.run('[scene long-stream] go');
    await claude.nth('item.delta', 5);
    await claude.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(await claude.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
    await claude.session.stop();
    checkLaws(claude.reports);
  });

  test('stops a running command, and what it started is gone', async () => {
    const claude = open(program, { open: { mode: 'acceptEdits' } });
    const turn = claude.run('[scene interrupt-tool] Run the long command');
    await answer(claude, 'allow');
    await claude.until(
      (report) => report.type === 'item.delta' && report.field === 'output' && report.text.includes('tick 4'),
    );
    await claude.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(tools(claude)).toMatchObject([{ tool: 'Bash', status: 'interrupted' }]);
  });

  test('withdraws an open approval when it is interrupted', async () => {
    const claude = open(program);
    const turn = claude.run('[scene approval] Write the note');
    const { approvalId } = await claude.nth('approval.requested');
    await claude.session.interrupt?.();
    expect(await turn).toMatchObject({ outcome: 'interrupted' });
    expect(claude.of('approval.withdrawn')).toMatchObject([{ approvalId }]);
    await expect(claude.session.answerApproval?.({ approvalId, option: 'allow' })).rejects.toMatchObject({
      kind: 'approval-already-answered',
    });
  });

  test('changes mode and model while it runs, and refuses modes there are not', async () => {
    const claude = open(program);
    await claude.run('[scene simple] hello');
    await claude.session.configure?.({ mode: 'acceptEdits', model: 'haiku' });
    await claude.run('[scene simple] hello');
    expect(rehearsal.requests().findLast(({ kind }) => kind === 'main')?.model).toContain('haiku');
    const told = claude.of('session.configured').slice(-2);
    expect(told.map(({ model, mode }) => [model, mode])).not.toContainEqual(['haiku', undefined]);
    await expect(claude.session.configure?.({ mode: 'yolo' })).rejects.toMatchObject({ kind: 'invalid-input' });
  });

  test('does what it likes in a sandbox where permissions are bypassed, and only then', async () => {
    const claude = open(program, { open: { env: { IS_SANDBOX: '1' } } });
    await claude.session.configure?.({ mode: 'bypassPermissions' });
    expect(await claude.run('[scene approval] Write the note')).toMatchObject({ outcome: 'completed' });
    expect(claude.of('approval.requested')).toEqual([]);
    expect(await claude.read('note.txt')).toBe('hello\n');
  });

  test('takes an image and a file in a prompt', async () => {
    await writeFile(join(place.cwd, 'some notes.txt'), 'the magic word is xylophone\n');
    const claude = open(program);
    const data = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const ended = await claude.run([
      { type: 'text', text: '[scene simple] Look' },
      { type: 'image', mediaType: 'image/png', data },
    ]);
    expect(ended).toMatchObject({ outcome: 'completed' });
    expect(
      await claude.run([
        { type: 'text', text: '[scene simple] Read' },
        { type: 'file', path: 'some notes.txt' },
      ]),
    ).toMatchObject({
      outcome: 'completed',
    });
  });

  test('nests what a subagent does', async () => {
    const claude = open(program);
    const turn = claude.run('[scene subagent] Let a subagent look');
    await turn;
    const call = await claude.until(
      (report) => report.type === 'item.started' && report.item.type === 'tool-call' && report.item.kind === 'subagent',
    );
    const inner = await claude.until((report) => report.type === 'item.started' && report.parentItemId !== undefined);
    expect(inner).toMatchObject({ parentItemId: call.type === 'item.started' ? call.itemId : '' });
  });

  test.each([
    ['401', 'backend-not-authenticated'],
    ['429', 'rate-limited'],
    ['500', 'model-failed'],
    ['overloaded', 'model-failed'],
    ['400', 'model-failed'],
  ])('says why a turn failed: %s', async (fault, kind) => {
    const claude = open(program, { env: { CLAUDE_CODE_MAX_RETRIES: '1' } });
    const ended = await claude.run(`[scene errors] ${fault}`);
    expect(ended).toMatchObject({ outcome: 'failed', error: { kind, message: expect.stringMatching(/\. \S.*\.$/) } });
  });

  test('says that the model refused', async () => {
    const claude = open(program);
    const ended = await claude.run('Please refuse');
    expect(ended).toMatchObject({ outcome: 'failed', error: { kind: 'model-failed' } });
  });

  test('tells of work in the background that ends after its turn, in a turn of its own', async () => {
    const claude = open(program);
    const turn = claude.run('Do it in the background');
    await answer(claude, 'allow');
    expect(await turn).toMatchObject({ outcome: 'completed' });
    const own = await claude.nth('turn.started');
    expect(own).toMatchObject({ by: 'agent', input: [] });
    await claude.until((report) => report.type === 'turn.ended' && report.turnId === own.turnId);
    expect(await claude.read('over.txt')).toBe('');
    await claude.session.stop();
    checkLaws(claude.reports);
  });

  test('leaves nothing running when it is killed in the middle of a command', async () => {
    const claude = open(program);
    void claude.run('Please leave something running');
    await answer(claude, 'allow');
    const { pid } = await claude.nth('agent.started');
    const tool = await waitForPid(claude);
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await claude.nth('agent.exited')).toMatchObject({ signal: 'SIGKILL', expected: false });
    expect(isAlive(tool)).toBe(false);
    checkLaws(claude.reports.filter((report) => report.type !== 'item.started'));
  });

  test('fails a turn whose model hangs, by its own clock, and can go on', async () => {
    const clock = createTestClock();
    const claude = open(program, { backend: { clock, bounds: { quietMs: 120_000, hangMs: 600_000 } } });
    const turn = claude.run('[scene errors] hang mid-stream');
    await claude.until((report) => report.type === 'item.delta' && report.text.includes('beginning'));
    await claude.nth('agent.ready');
    clock.advance(120_000);
    expect(await claude.nth('notice.raised')).toMatchObject({ text: expect.stringContaining('quiet for 2 min') });
    clock.advance(480_000);
    expect(await turn).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
    expect(await claude.run('hello')).toMatchObject({ outcome: 'completed' });
  });

  test('shows the plan it keeps', async () => {
    const env = { CLAUDE_CODE_ENABLE_TASKS: '1', CLAUDE_CODE_ENABLE_TODO_TOOLS: '1', ENABLE_TOOL_SEARCH: '0' };
    const claude = open(program, { open: { env } });
    await claude.run('Please make tasks');
    expect(claude.of('plan.updated').at(-1)?.entries).toEqual([{ title: 'Look around', status: 'completed' }]);
  });

  test('keeps the id of the conversation when it is cleared', async () => {
    const claude = open(program);
    await claude.run('hello');
    const { nativeId } = await claude.nth('agent.started');
    await claude.run('/clear');
    await claude.run('hello');
    const now = claude.of('agent.ready').at(-1)?.nativeId;
    expect(now).not.toBe(nativeId);
    expect(said(claude).split('\n').at(-1)).toBe('I am here.');
  });

  test('says that the model cannot be reached', async () => {
    const claude = open(program, { env: { CLAUDE_CODE_MAX_RETRIES: '1', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' } });
    const ended = await claude.run('hello');
    expect(ended).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('cannot be reached') },
    });
  });

  test('replaces text of a stream that broke off by what came instead', async () => {
    const claude = open(program, { env: { CLAUDE_CODE_MAX_RETRIES: '1' } });
    await claude.run('[scene errors] malformed');
    await claude.session.stop();
    checkLaws(claude.reports);
  });

  test('resumes a conversation after the process was stopped, and after it was killed', async () => {
    const first = open(program);
    await first.run('[scene simple] hello');
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    const second = open(program, { open: { nativeId } });
    await second.run('[scene simple] again');
    expect(await second.nth('agent.started')).toMatchObject({ nativeId });
    const before = rehearsal.requests().findLast(({ kind }) => kind === 'main');
    expect(before).toBeDefined();
    void second.send('[scene long-stream] go');
    await second.nth('item.delta', 10);
    process.kill((await second.nth('agent.started')).pid ?? 0, 'SIGKILL');
    expect(await second.nth('agent.exited')).toMatchObject({
      signal: 'SIGKILL',
      expected: false,
      failure: { kind: 'agent-exited', message: expect.stringContaining('Send a prompt') },
    });
    const third = open(program, { open: { nativeId } });
    expect(await third.run('[scene simple] and again')).toMatchObject({ outcome: 'completed' });
    expect(third.of('agent.started')[0]?.nativeId).toBe(nativeId);
  });

  test('begins under the id it has when there was never a turn', async () => {
    const first = open(program);
    const { nativeId } = await first.nth('agent.started');
    await first.nth('agent.ready');
    await first.session.stop();
    const second = open(program, { open: { nativeId } });
    expect(await second.run('[scene simple] hello')).toMatchObject({ outcome: 'completed' });
    expect(second.of('agent.started')[0]?.nativeId).toBe(nativeId);
  });

  test('does not silently begin anew when the transcript of a conversation is lost', async () => {
    const first = open(program);
    await first.run('[scene simple] hello');
    const { nativeId } = await first.nth('agent.started');
    await first.session.stop();
    await rm(join(place.home, '.claude', 'projects'), { recursive: true });
    const { reports } = first;
    const second = open(program, {
      open: {
        nativeId,
        async *history() {
          const at = '2026-01-02T03:04:05.000Z';
          const event = reports.find((report) => report.type === 'turn.ended');
          if (event?.type !== 'turn.ended') return;
          yield { sessionId: 'ses_1' as never, seq: 1, at, event: { ...event, durationMs: 1 } };
        },
      },
    });
    expect(await second.nth('agent.exited')).toMatchObject({
      expected: false,
      failure: { message: expect.stringContaining('no longer has its transcript') },
    });
  });
});
