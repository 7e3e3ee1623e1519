import type { AgentTurnEnd, Prompt } from '@baton/core';
import { toPlainText } from '@baton/protocol';
import { compact, isFull } from './compact.ts';
import { toFailure } from './failure.ts';
import { ModelError } from './model/model-error.ts';
import type { SelectedModel } from './model/select-model.ts';
import { readPromptFiles, readSteers } from './prompt-files.ts';
import { requestReply, type ModelReply } from './request-reply.ts';
import { runCalls } from './run-calls.ts';
import type { TurnState } from './state.ts';
import { readSystemPrompt } from './system-prompt.ts';
import { TOOLS } from './tools/tool-list.ts';

// A turn that asks this often is going in a circle.
const MAX_REQUESTS = 500;
export const COMPACT_COMMAND = 'compact';

/** Runs a turn from its prompt to its end. Never throws: how it went is in the answer. */
export async function runTurn(turn: TurnState, prompt: Prompt): Promise<AgentTurnEnd> {
  let model: SelectedModel | undefined;
  try {
    model = await turn.session.selectModel();
    await (isCompactCommand(prompt) ? runCompactCommand(turn, model) : work(turn, prompt));
    return toEnd(turn, { outcome: 'completed' });
  } catch (error) {
    if (turn.signal.aborted) return toEnd(turn, { outcome: 'interrupted' });
    const asked = { provider: model?.provider ?? 'The model', model: model?.id ?? '' };
    return toEnd(turn, { outcome: 'failed', error: toFailure(error, asked) });
  }
}

function toEnd({ turnId, spent }: TurnState, end: Pick<AgentTurnEnd, 'outcome' | 'error'>): AgentTurnEnd {
  return {
    type: 'turn.ended',
    turnId,
    ...end,
    usage: spent.usage,
    ...(spent.costUsd === undefined || spent.costUsd === 0 ? {} : { costUsd: spent.costUsd }),
  };
}

const isCompactCommand = ({ input }: Prompt): boolean => toPlainText(input).trim() === `/${COMPACT_COMMAND}`;

async function runCompactCommand(turn: TurnState, model: SelectedModel): Promise<void> {
  if (await compact(turn, model)) return;
  await turn.session.conversation.report({
    type: 'notice.raised',
    level: 'info',
    text: 'There is nothing to summarise yet.',
  });
}

async function work(turn: TurnState, prompt: Prompt): Promise<void> {
  await readPromptFiles(turn, prompt);
  for (let count = 0; count < MAX_REQUESTS; count += 1) {
    const reply = await ask(turn);
    turn.sinceCompaction += 1;
    const isOver = reply.calls.length === 0 && (turn.steers.length === 0 || reply.stop === 'refusal');
    if (isOver) return finish(turn, reply);
    await runCalls(turn, reply.calls);
  }
  throw new ModelError('bad-request', { detail: `the turn was stopped after ${MAX_REQUESTS} requests` });
}

async function ask(turn: TurnState): Promise<ModelReply> {
  const { session } = turn;
  const model = await session.selectModel();
  await readSteers(turn);
  if (isFull(turn, model)) await compact(turn, model);
  const request = {
    model,
    system: await readSystemPrompt(session.scope, session.mode),
    tools: TOOLS.filter((tool) => tool.isOffered(session.mode)),
  };
  try {
    return await requestReply(turn, request);
  } catch (error) {
    // The provider knows better than any table how much it takes.
    if (!(error instanceof ModelError) || error.reason !== 'too-long' || !(await compact(turn, model))) throw error;
    return requestReply(turn, request);
  }
}

async function finish({ session }: TurnState, { stop }: ModelReply): Promise<void> {
  if (stop === 'refusal') throw new ModelError('bad-request', { detail: 'the model refused to answer this' });
  if (stop !== 'length') return;
  const text = 'The answer was cut because it reached the longest the model may give. Say "go on" to get the rest.';
  await session.conversation.report({ type: 'notice.raised', level: 'warning', text });
}
