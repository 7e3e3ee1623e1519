import { readFile } from 'node:fs/promises';
import type { AgentReport } from '@baton/core';
import { parseJson, turnIdSchema } from '@baton/protocol';
import { z } from 'zod';
import { type TranslateContext, runStep, update } from '../../agent/step.ts';
import { close } from '../approve.ts';
import { type CodexState, type Translation, createState } from '../state.ts';
import { translate, translateRequest } from '../translate.ts';
import { beginTurn } from '../turn-end.ts';
import { type Message, parseMessage } from '../wire.ts';

const NOW = '2026-01-02T03:04:05.000Z';

/** Ids that count up, and a time that stands still. */
export function createTestContext(): TranslateContext {
  const prefixes: Readonly<Record<string, string>> = { turn: 'trn', item: 'itm', approval: 'apr', question: 'qst' };
  let count = 0;
  const createId = (kind: string) => `${prefixes[kind] ?? kind}_${(count += 1)}`;
  return { now: NOW, createId: createId as TranslateContext['createId'] };
}

const lineSchema = z.object({ dir: z.enum(['in', 'out']), line: z.unknown() });
export type Recording = readonly z.infer<typeof lineSchema>[];

export async function readRecording(name: string): Promise<Recording> {
  const text = await readFile(new URL(`${name}.ndjson`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = parseJson(line);
      return lineSchema.parse(parsed.ok ? parsed.value : undefined);
    });
}

const startedSchema = z.object({ result: z.object({ thread: z.object({ id: z.string() }) }) });
const promptSchema = z.object({
  method: z.enum(['turn/start', 'thread/compact/start', 'review/start']),
  params: z.object({ threadId: z.string() }),
});
const interruptSchema = z.object({ method: z.literal('turn/interrupt'), params: z.object({ threadId: z.string() }) });
const answerSchema = z.object({
  id: z.number(),
  result: z.object({ decision: z.unknown().optional(), action: z.string().optional() }),
});

export interface Replay {
  state: CodexState;
  reports: AgentReport[];
}

/** Plays a recording, one conversation for each thread that was begun in it: what was sent sets the state as a session would. */
export function replay(recording: Recording): Replay[] {
  const context = createTestContext();
  const plays = new Map<string, Replay>();
  const owners = new Map<string, Replay>();
  let turns = 0;
  const take = (play: Replay | undefined, work: (state: CodexState) => Translation) => {
    if (play === undefined) return;
    const next = work(play.state);
    play.state = next.state;
    play.reports.push(...next.reports);
  };
  const begin = (threadId: string) => {
    if (owners.has(threadId)) return;
    const play = { state: createState({ cwd: '/home/dev/tmp/codex-work', threadId }), reports: [] };
    plays.set(threadId, play);
    owners.set(threadId, play);
  };
  const send = (line: unknown) => {
    const prompt = promptSchema.safeParse(line);
    const play = prompt.success ? plays.get(prompt.data.params.threadId) : undefined;
    if (play?.state.turn === undefined && prompt.success) {
      const turnId = turnIdSchema.parse(`trn_prompt${(turns += 1)}`);
      take(play, (state) => beginTurn(state, turnId, context));
    }
    const interrupt = interruptSchema.safeParse(line);
    if (interrupt.success) take(plays.get(interrupt.data.params.threadId), (state) => interruptTurn(state, context));
    const answer = answerSchema.safeParse(line);
    if (answer.success) for (const open of plays.values()) take(open, (state) => settle(state, answer.data, context));
  };
  const receive = (line: unknown) => {
    const started = startedSchema.safeParse(line);
    if (started.success) begin(started.data.result.thread.id);
    const message = parseMessage(line);
    const owner = findOwner(message, owners);
    if (message.type === 'notice') take(owner, (state) => translate(state, message.notice, context));
    if (message.type === 'request' && message.request !== undefined) {
      const { id: requestId, request } = message;
      take(owner, (state) => translateRequest(state, { requestId, request }, context));
    }
    if (message.type === 'unknown')
      owner?.reports.push({ type: 'raw.received', source: 'codex', payload: message.payload });
  };
  for (const { dir, line } of recording) {
    if (dir === 'out') send(line);
    else receive(line);
  }
  return [...plays.values()].filter((play) => play.reports.length > 0);
}

function interruptTurn(state: CodexState, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    if (state.turn !== undefined) update(step, { turn: { ...state.turn, isInterrupting: true } });
  });
}

function settle(state: CodexState, answer: z.infer<typeof answerSchema>, context: TranslateContext): Translation {
  return runStep(state, context, (step) => {
    const prompt = state.prompts.find((open) => open.requestId === answer.id);
    if (prompt === undefined) return;
    close(step, prompt);
    const isDenied = answer.result.decision === 'decline' || answer.result.action === 'decline';
    if (isDenied && prompt.key !== undefined) update(step, { denied: [...step.state.denied, prompt.key] });
  });
}

// Subagents belong to whoever began them; notices without a thread are for the one conversation there is.
function findOwner(message: Message, owners: Map<string, Replay>): Replay | undefined {
  if (message.type === 'answer') return undefined;
  if (message.type !== 'notice') return owners.get(message.threadId ?? '');
  const { params } = message.notice;
  const threadId = 'threadId' in params ? params.threadId : undefined;
  if (threadId == null) return owners.size === 1 ? [...owners.values()][0] : undefined;
  const owner = owners.get(threadId);
  if (owner !== undefined && 'item' in params && params.item.type === 'subAgentActivity')
    owners.set(params.item.agentThreadId, owner);
  if (owner !== undefined && 'item' in params && params.item.type === 'collabAgentToolCall')
    for (const child of params.item.receiverThreadIds) owners.set(child, owner);
  return owner;
}
