import { readFile } from 'node:fs/promises';
import type { AgentReport } from '@baton/core';
import { parseJson, turnIdSchema } from '@baton/protocol';
import { z } from 'zod';
import { update } from '../../agent/step.ts';
import { createTestContext } from '../../claude/__fixtures__/play.ts';
import { answerApproval, withdrawPrompts } from '../approve.ts';
import { applySession } from '../offer.ts';
import { type AcpState, type Reply, type Step, type Translation, closePrompt, createState, runStep } from '../state.ts';
import { translate } from '../translate.ts';
import { applyPromptResult, beginTurn, endTurn } from '../turn-end.ts';
import { type Incoming, initializedSchema, parseIncoming, sessionResultSchema } from '../wire.ts';

const lineSchema = z.object({ dir: z.enum(['in', 'out']), line: z.unknown() });
const paramsSchema = z.looseObject({ sessionId: z.string().optional() });
const answerSchema = z.looseObject({
  outcome: z.looseObject({ outcome: z.string(), optionId: z.string().optional() }).optional(),
});

export type Recording = { dir: 'in' | 'out'; message: Incoming }[];

export async function readRecording(name: string): Promise<Recording> {
  const text = await readFile(new URL(`${name}.ndjson`, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = parseJson(line);
      const { dir, line: message } = lineSchema.parse(parsed.ok ? parsed.value : undefined);
      return { dir, message: parseIncoming(message) };
    });
}

export interface Replayed {
  /** Of each conversation in the recording, in the order in which they were opened. */
  conversations: { id: string; reports: AgentReport[]; replies: Reply[]; state: AcpState }[];
  /** Messages that mean nothing to us. */
  unknown: string[];
}

/** Plays a recording: what was sent sets the state as the session would, what came is translated. */
export function replay(recording: Recording): Replayed {
  const context = createTestContext();
  const conversations: Replayed['conversations'] = [];
  const unknown: string[] = [];
  const asked = new Map<unknown, { method: string; id: string; isOurs: boolean }>();
  let agent = '';
  let turns = 0;
  // A subagent's session is part of the conversation that was opened last.
  const find = (params: unknown) => {
    const id = paramsSchema.safeParse(params).data?.sessionId;
    return conversations.find((each) => each.id === id) ?? conversations.at(-1);
  };
  const take = (to: Replayed['conversations'][number], { state, reports, replies }: Translation) => {
    to.state = state;
    to.reports.push(...reports);
    to.replies.push(...replies);
  };
  const step = (to: Replayed['conversations'][number] | undefined, work: (step: Step) => void) => {
    if (to !== undefined) take(to, runStep(to.state, context, work));
  };
  function open(id: string, isReplaying: boolean) {
    const cwd = '/home/user/project';
    const start = createState({ title: 'Agent', cwd, model: undefined, mode: undefined, effort: undefined });
    const made = { id, reports: [], replies: [], state: { ...start, agent, isReplaying, nativeId: id } };
    conversations.push(made);
    return made;
  }
  function send(message: Incoming) {
    if (message.type === 'request') {
      const to = find(message.params);
      const isOurs = message.method !== 'session/prompt' || to?.state.turn?.isPrompted !== true;
      asked.set(message.id, { method: message.method, id: to?.id ?? '', isOurs });
      if (message.method === 'session/load') open(paramsSchema.parse(message.params).sessionId ?? '', true);
      if (message.method !== 'session/prompt' || to === undefined || !isOurs) return;
      const turnId = turnIdSchema.parse(`trn_prompt${(turns += 1)}`);
      take(to, beginTurn(to.state, turnId, context));
    } else if (message.type === 'notification' && message.method === 'session/cancel') {
      step(find(message.params), (now) => {
        const { turn } = now.state;
        if (turn !== undefined) update(now, { turn: { ...turn, isInterrupting: true } });
      });
    } else if (message.type === 'response') {
      for (const to of conversations) step(to, (now) => answer(now, message));
    }
  }
  function settle({ id, outcome }: Extract<Incoming, { type: 'response' }>) {
    const was = asked.get(id);
    if (was === undefined) return;
    const to = conversations.find((each) => each.id === was.id);
    if (was.method === 'initialize' && outcome.ok)
      agent = initializedSchema.parse(outcome.result).agentInfo?.name ?? '';
    if (was.method === 'session/prompt' && was.isOurs) step(to, (now) => applyPromptResult(now, outcome));
    if (!['session/new', 'session/load'].includes(was.method) || !outcome.ok) return;
    const result = sessionResultSchema.parse(outcome.result ?? {});
    const opened =
      result.sessionId === undefined || result.sessionId === null
        ? conversations.at(-1)
        : open(result.sessionId, false);
    step(opened, (now) => applySession(now, result, opened?.id ?? ''));
  }
  for (const { dir, message } of recording) {
    if (dir === 'out') send(message);
    else if (message.type === 'response') settle(message);
    else if (message.type === 'unknown') unknown.push('no message');
    else {
      const to = find(message.params);
      const translation = to === undefined ? undefined : translate(to.state, message, context);
      if (to !== undefined && translation !== undefined) take(to, translation);
      else if (to !== undefined && !message.method.startsWith('_')) unknown.push(message.method);
    }
  }
  // What was recorded ended with the process.
  for (const to of conversations) step(to, (now) => endTurn(now, { outcome: 'interrupted' }));
  return { conversations, unknown };
}

function answer(step: Step, { id, outcome }: Extract<Incoming, { type: 'response' }>): void {
  const prompt = step.state.prompts.find(({ rpcId }) => rpcId === id);
  if (prompt === undefined) return;
  if (prompt.type === 'question') return closePrompt(step, prompt);
  const chosen = answerSchema.safeParse(outcome.ok ? outcome.result : undefined).data?.outcome?.optionId;
  if (chosen === undefined || !Object.hasOwn(prompt.options, chosen))
    return withdrawPrompts(step, (each) => each === prompt, 'The recording gave no answer');
  answerApproval(step, { approvalId: prompt.approvalId, option: chosen });
}
