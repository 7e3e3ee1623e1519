import { randomUUID } from 'node:crypto';
import type { OpenOptions } from '@baton/core';
import type { AgentProcess } from '@baton/runner';
import type { ControlChannel } from './control.ts';
import { type ProcessEars, type Recipe, launchClaude } from './launch-claude.ts';
import { type Conversation, canBeginUnasked, toClaudeEnvironment } from './launch.ts';
import { checkMode } from './modes.ts';
import { findClaude } from './program.ts';
import { chooseConversation } from './resume.ts';
import type { ClaudeSettings } from './settings.ts';
import type { WarmAgents } from './warm-agents.ts';
import type { WarmClaude } from './warm-claude.ts';
import type { Initialized } from './wire.ts';

/** A running Claude Code as its session sees it; what carries the messages is nobody's business but its maker's. */
export interface ClaudeLink extends Pick<AgentProcess, 'pid' | 'closeInput' | 'stop'> {
  /** Resolves when the message is on its way; rejects with `agent-exited` when it cannot be. */
  send(message: unknown): Promise<void>;
}

export interface SessionEars extends ProcessEars {
  /** One message, where they do not come as lines. */
  onMessage(message: unknown): void | Promise<void>;
}

export interface StartedClaude {
  link: ClaudeLink;
  version: string;
  nativeId: string;
  /** Its first turn may begin before it is asked what it offers. */
  canBeginUnasked?: boolean;
  /** What it said to `initialize`, where it had waited for a session and was asked before. */
  initialized?: Initialized;
  /** Keeps another ready for the next session like this one. */
  warmNext?(channel: ControlChannel): Promise<void>;
  /** Of a session that is put to sleep: resolves with what keeps its next process ready, to be called when this one has ended. */
  restNext?(sleeper: Sleeper, channel: ControlChannel): Promise<() => void>;
}

/** What a session that sleeps will be opened with again. */
export interface Sleeper extends Pick<Recipe, 'model' | 'mode' | 'effort'> {
  nativeId?: string | undefined;
}

export interface StartOrder {
  settings: ClaudeSettings;
  options: OpenOptions;
  env: Readonly<Record<string, string>>;
  ears: SessionEars;
  isWanted(): boolean;
}

/** Starts what a session talks to, or resolves with undefined when it is no longer wanted. */
export type StartClaude = (order: StartOrder) => Promise<StartedClaude | undefined>;

export function toSessionEnvironment(
  settings: Pick<ClaudeSettings, 'env'>,
  options: Pick<OpenOptions, 'env'>,
): Record<string, string> {
  return toClaudeEnvironment(settings.env, options.env);
}

/**
 * Finds the program, decides between resuming and beginning, and starts the process, or takes one that waits. Undefined
 * when it is no longer wanted.
 */
export async function startClaude(order: StartOrder, warm: WarmAgents | undefined): Promise<StartedClaude | undefined> {
  const { settings, options, env, ears } = order;
  const { cwd, model, mode, effort, sessionId } = options;
  if (mode !== undefined) checkMode(mode, env);
  const program = await findClaude(settings.executable, env);
  const recipe: Recipe = { program, cwd, env, model, mode, effort };
  const next = toNext(recipe, warm);
  const { waiting, conversation } = await findWaiting(order, recipe, warm);
  if (!order.isWanted()) {
    await waiting?.end();
    return undefined;
  }
  if (waiting !== undefined) {
    waiting.hear(ears);
    const { process, initialized, nativeId } = waiting;
    return { link: toLink(process), version: await program.version, nativeId, initialized, ...next };
  }
  let isGivenUp = false;
  const onExit: SessionEars['onExit'] = (exit) => (isGivenUp ? undefined : ears.onExit(exit));
  const process = await launchClaude({
    ...{ recipe, settings, conversation, session: sessionId },
    ears: { ...ears, onExit },
  });
  // It comes to itself meanwhile.
  const version = await program.version.catch(async (error: unknown) => {
    isGivenUp = true;
    await process.stop();
    throw error;
  });
  const isNew = conversation.type === 'new';
  const early = { canBeginUnasked: isNew && canBeginUnasked(version) };
  return { link: toLink(process), version, nativeId: conversation.id, ...early, ...next };
}

interface Found {
  /** A process that can be had at once. */
  waiting?: WarmClaude | undefined;
  conversation: Conversation;
}

async function findWaiting(order: StartOrder, recipe: Recipe, warm: WarmAgents | undefined): Promise<Found> {
  const { nativeId, branch, cwd, env, history } = { ...order.options, env: order.env };
  const isOwn = nativeId !== undefined && nativeId !== branch?.nativeId;
  const woken = isOwn && order.isWanted() ? await warm?.wake(recipe, nativeId) : undefined;
  if (woken !== undefined) return { waiting: woken, conversation: { type: 'resume', id: woken.nativeId } };
  const conversation = await chooseConversation({ nativeId, branch, cwd, env, history, createId: randomUUID });
  // An id that somebody was told already is not the one that a waiting process has.
  const isNew = conversation.type === 'new' && nativeId === undefined;
  return { waiting: isNew && order.isWanted() ? await warm?.take(recipe) : undefined, conversation };
}

function toNext(recipe: Recipe, warm: WarmAgents | undefined): Pick<StartedClaude, 'warmNext' | 'restNext'> {
  if (warm === undefined) return {};
  return {
    warmNext: (channel) => warm.refill(recipe, channel),
    async restNext({ nativeId, model, mode, effort }, channel) {
      if (nativeId === undefined) return () => undefined;
      return warm.rest({ ...recipe, model, mode, effort }, nativeId, channel);
    },
  };
}

function toLink(process: AgentProcess): ClaudeLink {
  return {
    pid: process.pid,
    send: (message) => process.write(JSON.stringify(message)),
    closeInput: () => process.closeInput(),
    stop: (graceful) => process.stop(graceful),
  };
}
