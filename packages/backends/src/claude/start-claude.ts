import { randomUUID } from 'node:crypto';
import type { OpenOptions } from '@baton/core';
import type { AgentProcess } from '@baton/runner';
import type { ControlChannel } from './control.ts';
import { type ProcessEars, type Recipe, launchClaude } from './launch-claude.ts';
import { toClaudeEnvironment } from './launch.ts';
import { checkMode } from './modes.ts';
import { locateClaude } from './program.ts';
import { chooseConversation } from './resume.ts';
import type { ClaudeSettings } from './settings.ts';
import type { WarmAgents } from './warm-agents.ts';
import type { Initialized } from './wire.ts';

export interface StartedClaude {
  process: AgentProcess;
  version: string;
  nativeId: string;
  /** What it said to `initialize`, where it had waited for a session and was asked before. */
  initialized?: Initialized;
  /** Keeps another ready for the next session like this one. */
  warmNext(channel: ControlChannel): Promise<void>;
}

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
export async function startClaude(start: {
  settings: ClaudeSettings;
  warm: WarmAgents | undefined;
  options: OpenOptions;
  env: Readonly<Record<string, string>>;
  ears: ProcessEars;
  isWanted(): boolean;
}): Promise<StartedClaude | undefined> {
  const { settings, warm, options, env, ears } = start;
  const { cwd, model, mode, effort, nativeId, branch, sessionId, history } = options;
  if (mode !== undefined) checkMode(mode, env);
  const [program, conversation] = await Promise.all([
    locateClaude(settings.executable, env),
    chooseConversation({ nativeId, branch, cwd, env, history, createId: randomUUID }),
  ]);
  const recipe: Recipe = { program, cwd, env, model, mode, effort };
  const { version } = program;
  const warmNext = async (channel: ControlChannel) => warm?.refill(recipe, channel);
  // An id that somebody was told already is not the one that a waiting process has.
  const isNew = conversation.type === 'new' && nativeId === undefined;
  const waiting = isNew && start.isWanted() ? await warm?.take(recipe) : undefined;
  if (!start.isWanted()) {
    await waiting?.end();
    return undefined;
  }
  if (waiting !== undefined) {
    waiting.hear(ears);
    const { process, initialized } = waiting;
    return { process, version, nativeId: waiting.nativeId, initialized, warmNext };
  }
  const process = await launchClaude({ recipe, settings, conversation, session: sessionId, ears });
  return { process, version, nativeId: conversation.id, warmNext };
}
