import { readFile, readdir } from 'node:fs/promises';
import type { AgentReport } from '@baton/core';
import { type EventOf, parseJson, turnIdSchema } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import { checkLaws, createTestContext, ofType } from './__fixtures__/play.ts';
import { close } from './approve.ts';
import { applyInitialized } from './ready.ts';
import { type ClaudeState, type Translation, createState } from './state.ts';
import { translate } from './translate.ts';
import { beginTurn } from './turn-end.ts';
import { initializedSchema, parseMessage } from './wire.ts';

const FIXTURES = new URL('./__fixtures__/', import.meta.url);
const names = (await readdir(FIXTURES))
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.replace('.ndjson', ''));

const lineSchema = z.object({ dir: z.enum(['in', 'out']), line: z.unknown() });
const promptSchema = z.object({ type: z.literal('user'), uuid: z.string() });
const interruptSchema = z.object({
  type: z.literal('control_request'),
  request: z.object({ subtype: z.literal('interrupt') }),
});
const answerSchema = z.object({
  type: z.literal('control_response'),
  response: z.object({ request_id: z.string(), response: z.object({ behavior: z.string() }).optional() }),
});
const readySchema = z.object({
  type: z.literal('control_response'),
  response: z.object({ response: z.looseObject({ models: z.array(z.unknown()) }) }),
});

type Recording = z.infer<typeof lineSchema>[];

async function readRecording(name: string): Promise<Recording> {
  const text = await readFile(new URL(`${name}.ndjson`, FIXTURES), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = parseJson(line);
      return lineSchema.parse(parsed.ok ? parsed.value : undefined);
    });
}

/** Plays a recording: what was sent sets the state as the session would, what came is translated. */
function replay(recording: Recording): { reports: AgentReport[]; state: ClaudeState } {
  const context = createTestContext();
  const reports: AgentReport[] = [];
  let state = createState({ cwd: '/home/user/project', nativeId: 'native', model: undefined, mode: 'default' });
  let turns = 0;
  const take = (next: Translation) => {
    state = next.state;
    reports.push(...next.reports);
  };
  for (const { dir, line } of recording) {
    const prompt = promptSchema.safeParse(line);
    const ready = readySchema.safeParse(line);
    if (dir === 'out' && ready.success) {
      const initialized = initializedSchema.parse(ready.data.response.response);
      take(runStep(state, context, (step) => applyInitialized(step, initialized)));
    } else if (dir === 'out') take(translate(state, parseMessage(line), context));
    else if (prompt.success && state.turn === undefined) {
      const turnId = turnIdSchema.parse(`trn_prompt${(turns += 1)}`);
      take(beginTurn(state, { turnId, promptUuid: prompt.data.uuid }, context));
    } else take(send(state, line, context));
  }
  return { reports, state };
}

function send(state: ClaudeState, line: unknown, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    const { turn } = state;
    if (interruptSchema.safeParse(line).success && turn !== undefined)
      update(step, { turn: { ...turn, isInterrupting: true } });
    const answer = answerSchema.safeParse(line);
    const prompt = answer.success
      ? state.prompts.find((open) => open.requestId === answer.data.response.request_id)
      : undefined;
    if (prompt === undefined || !answer.success) return;
    close(step, prompt);
    const isDenied = answer.data.response.response?.behavior === 'deny';
    if (isDenied) update(step, { denied: [...state.denied, prompt.toolUseId] });
  });
}

const tools = (reports: readonly AgentReport[]) =>
  ofType(reports, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

describe('every recording', () => {
  test.each(names)('%s gives the reports it gave before', async (name) => {
    const { reports } = replay(await readRecording(name));
    const golden = reports.map((report) => JSON.stringify(report)).join('\n');
    await expect(`${golden}\n`).toMatchFileSnapshot(`./__fixtures__/golden/${name}.ndjson`);
  });

  test.each(names)('%s keeps the laws: all that begins ends once, and inside its turn', async (name) => {
    checkLaws(replay(await readRecording(name)).reports);
  });

  test.each(names)('%s leaves nothing open and nothing unknown', async (name) => {
    const { reports, state } = replay(await readRecording(name));
    expect(state).toMatchObject({ turn: undefined, texts: [], prompts: [], tools: {} });
    expect(ofType(reports, 'raw.received')).toEqual([]);
  });
});

describe.each(['197', '329'])('version %s', (version) => {
  const play = async (name: string) => replay(await readRecording(`${name}-${version}`)).reports;

  test('streams text and then gives it whole', async () => {
    const reports = await play('simple');
    const streamed = ofType(reports, 'item.delta')
      .map((delta) => delta.text)
      .join('|');
    expect(streamed).toContain('Hello! |This |is |a ');
    expect(ofType(reports, 'item.ended').map(({ item }) => item)).toEqual([
      { type: 'reasoning', text: 'Let me think about this.' },
      { type: 'agent-message', text: 'Hello! This is a simple streamed answer with several words in it.' },
    ]);
    const usage = { inputTokens: 12, outputTokens: 34, cacheReadTokens: 7, cacheWriteTokens: 5 };
    expect(ofType(reports, 'turn.ended')).toMatchObject([{ outcome: 'completed', usage, costUsd: expect.any(Number) }]);
    expect(ofType(reports, 'usage.updated').at(-1)).toMatchObject({ usage, context: { used: 58, size: 1_000_000 } });
  });

  test("asks for a command with the agent's own rule as an option", async () => {
    const reports = await play('tool-approval');
    expect(ofType(reports, 'approval.requested')).toMatchObject([
      {
        title: 'echo hello > out.txt; sleep 1; cat out.txt',
        action: { kind: 'execute', tool: 'Bash' },
        options: [
          { id: 'allow', kind: 'allow-once' },
          {
            id: 'always',
            kind: 'allow-always',
            title: 'Always allow `echo hello *` in this project, and work in /home/user/project for this session',
          },
          { id: 'deny', kind: 'deny-once', takesNote: true },
        ],
      },
    ]);
    expect(tools(reports)).toMatchObject([
      { status: 'completed', output: [{ type: 'terminal', text: 'hello', exitCode: 0 }] },
    ]);
  });

  test('shows a denied command with the note', async () => {
    expect(tools(await play('tool-denied'))).toMatchObject([{ status: 'denied', output: [{ text: 'User said no' }] }]);
  });

  test('keeps what was said before an interrupt, and goes on after it', async () => {
    const reports = await play('interrupt-stream');
    expect(ofType(reports, 'turn.ended').map((end) => end.outcome)).toEqual(['interrupted', 'completed']);
    expect(ofType(reports, 'item.ended')[0]?.item).toMatchObject({ text: expect.stringMatching(/^word0 .* word33/) });
  });

  test('ends a tool that was interrupted', async () => {
    const reports = await play('interrupt-tool');
    expect(tools(reports)).toMatchObject([{ tool: 'Bash', status: 'interrupted' }]);
    expect(ofType(reports, 'turn.ended')).toMatchObject([{ outcome: 'interrupted' }]);
  });

  test("nests a subagent's work under its call", async () => {
    const reports = await play('subagent');
    const started = ofType(reports, 'item.started').filter(({ item }) => item.type === 'tool-call');
    expect(started.map(({ item }) => item)).toMatchObject([
      { kind: 'subagent', title: 'sub work' },
      { kind: 'execute' },
    ]);
    expect(started[1]?.parentItemId).toBe(started[0]?.itemId);
    expect(ofType(reports, 'approval.requested')[0]?.itemId).toBe(started[1]?.itemId);
    expect(tools(reports).at(-1)).toMatchObject({
      kind: 'subagent',
      output: [{ text: 'Done: the command finished.' }],
    });
  });

  test('gives work in the background that ends later a turn of its own', async () => {
    const reports = await play('background-bash');
    expect(ofType(reports, 'turn.started')).toMatchObject([{ by: 'agent', input: [] }]);
    expect(ofType(reports, 'turn.ended').map((end) => end.outcome)).toEqual(['completed', 'completed']);
    expect(
      ofType(reports, 'notice.raised')
        .map((notice) => notice.text)
        .join(),
    ).toContain('Background work completed');
  });

  test('asks questions, and a plan with its ways on', async () => {
    const reports = await play('question-plan');
    expect(ofType(reports, 'question.asked')[0]).toMatchObject({
      questions: [
        { id: 'q1', question: 'Which color do you prefer?', multiSelect: false },
        { id: 'q2', question: 'Which sizes?', multiSelect: true, options: [{ label: 'S' }, { label: 'L' }] },
      ],
    });
    const [plan] = ofType(reports, 'approval.requested');
    expect(plan).toMatchObject({
      action: { kind: 'think', tool: 'ExitPlanMode', input: { plan: expect.stringContaining('# Plan') } },
    });
    expect(plan?.options.map((option) => option.id)).toEqual(['ask-edits', 'accept-edits', 'keep-planning']);
    expect(ofType(reports, 'session.configured').map((change) => change.mode ?? change.model)).toContain('acceptEdits');
  });

  test('says why a turn failed and what to do, and warns of retries once', async () => {
    const reports = await play('error-529-401');
    expect(ofType(reports, 'turn.ended').map((end) => [end.outcome, end.error?.kind])).toEqual([
      ['failed', 'model-failed'],
      ['failed', 'backend-not-authenticated'],
    ]);
    expect(ofType(reports, 'notice.raised').length).toBe(2);
    expect(ofType(reports, 'item.started')).toEqual([]);
  });

  test('does not lose its turn to the results of other prompts', async () => {
    const ends: EventOf<'turn.ended'>['outcome'][] = ofType(await play('queue-steer'), 'turn.ended').map(
      (end) => end.outcome,
    );
    expect(new Set(ends)).toEqual(new Set(['completed']));
  });
});
