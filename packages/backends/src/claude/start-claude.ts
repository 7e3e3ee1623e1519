import { randomUUID } from 'node:crypto';
import type { OpenOptions } from '@baton/core';
import { type AgentProcess, type ProcessExit, type StopBounds, startProcess } from '@baton/runner';
import { toArguments, toClaudeEnvironment } from './launch.ts';
import { checkMode } from './modes.ts';
import { locateClaude } from './program.ts';
import { chooseConversation } from './resume.ts';

export interface StartSettings {
  executable: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  stop: Partial<StopBounds>;
}

/** What hears of the process; see `ProcessOptions` of the runner. */
export interface ProcessEars {
  onLine(line: string): void | Promise<void>;
  onOverlongLine(bytes: number): void;
  onStderrLine(text: string): void;
  onExit(exit: ProcessExit): void;
}

export interface StartedClaude {
  process: AgentProcess;
  version: string;
  nativeId: string;
}

export function toSessionEnvironment(settings: StartSettings, options: OpenOptions): Record<string, string> {
  return toClaudeEnvironment(settings.env, options.env);
}

/** Finds the program, decides between resuming and beginning, and starts the process. Undefined when it is no longer wanted. */
export async function startClaude(start: {
  settings: StartSettings;
  options: OpenOptions;
  env: Readonly<Record<string, string>>;
  ears: ProcessEars;
  isWanted(): boolean;
}): Promise<StartedClaude | undefined> {
  const { settings, options, env, ears } = start;
  const { cwd, model, mode, effort, nativeId, branch, sessionId, history } = options;
  if (mode !== undefined) checkMode(mode, env);
  const [program, conversation] = await Promise.all([
    locateClaude(settings.executable, env),
    chooseConversation({ nativeId, branch, cwd, env, history, createId: randomUUID }),
  ]);
  if (!start.isWanted()) return undefined;
  const process = await startProcess({
    command: program.path,
    args: toArguments({ conversation, model, mode, effort, env }),
    cwd,
    env,
    marker: { session: sessionId, server: settings.serverMarker },
    bounds: settings.stop,
    ...ears,
  });
  return { process, version: program.version, nativeId: conversation.id };
}
