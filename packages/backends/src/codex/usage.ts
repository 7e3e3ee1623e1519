import type { Usage } from '@baton/protocol';
import { update, without } from '../agent/step.ts';
import { NO_USAGE, type WholeUsage } from '../agent/whole-usage.ts';
import type { CodexState, Step, TurnState } from './state.ts';
import type { Notice, Tokens } from './wire.ts';

type TokenNotice = Extract<Notice, { method: 'thread/tokenUsage/updated' }>['params'];

/** Takes the totals of a thread. What it had used before this session took it up is not this session's. */
export function noteUsage(step: Step, { threadId, tokenUsage }: TokenNotice): void {
  const { total, last, modelContextWindow } = tokenUsage;
  const { state } = step;
  const inherited = state.inherited[threadId] ?? minus(total, last);
  const isMain = threadId === state.threadId;
  update(step, {
    tokens: { ...state.tokens, [threadId]: total },
    inherited: { ...state.inherited, [threadId]: inherited },
    ...(isMain ? { contextUsed: last.totalTokens, contextSize: modelContextWindow ?? state.contextSize } : {}),
  });
  const { contextUsed, contextSize } = step.state;
  const context = contextSize === undefined ? {} : { context: { used: contextUsed, size: contextSize } };
  step.reports.push({ type: 'usage.updated', usage: toSessionUsage(step.state), ...context });
}

/** A thread went back, and its totals with it. What it used was used: it stays, and the next total begins anew. */
export function keepUsage(step: Step, threadId: string): void {
  const { tokens, inherited } = step.state;
  const used = toSessionUsage(step.state);
  const rest = { tokens: without(tokens, threadId), inherited: without(inherited, threadId) };
  update(step, rest);
  const left = toSessionUsage({ ...step.state, kept: NO_USAGE });
  update(step, { kept: toDifference(used, left) });
}

/** Tokens of the session and its subagents so far. Codex counts cached input as input; Baton does not. */
export function toSessionUsage(state: CodexState): WholeUsage {
  return Object.entries(state.tokens).reduce((sum, [threadId, total]) => {
    const own = minus(total, state.inherited[threadId]);
    return {
      inputTokens: sum.inputTokens + Math.max(0, own.inputTokens - own.cachedInputTokens - own.cacheWriteInputTokens),
      outputTokens: sum.outputTokens + own.outputTokens,
      cacheReadTokens: sum.cacheReadTokens + own.cachedInputTokens,
      cacheWriteTokens: sum.cacheWriteTokens + own.cacheWriteInputTokens,
    };
  }, state.kept);
}

export function toTurnUsage(state: CodexState, { before }: TurnState): { usage?: Usage } {
  const usage = toDifference(toSessionUsage(state), before);
  return Object.values(usage).every((count) => count === 0) ? {} : { usage };
}

function toDifference(now: WholeUsage, before: WholeUsage): WholeUsage {
  return {
    inputTokens: now.inputTokens - before.inputTokens,
    outputTokens: now.outputTokens - before.outputTokens,
    cacheReadTokens: now.cacheReadTokens - before.cacheReadTokens,
    cacheWriteTokens: now.cacheWriteTokens - before.cacheWriteTokens,
  };
}

function minus(total: Tokens, part: Tokens | undefined): Tokens {
  const less = (key: keyof Tokens) => Math.max(0, total[key] - (part?.[key] ?? 0));
  return {
    totalTokens: less('totalTokens'),
    inputTokens: less('inputTokens'),
    cachedInputTokens: less('cachedInputTokens'),
    cacheWriteInputTokens: less('cacheWriteInputTokens'),
    outputTokens: less('outputTokens'),
  };
}
