import type { OpenOptions } from '@baton/core';
import type { AcpAgentDefinition } from '@baton/protocol';
import { type AgentProcess, type ProcessExit, startProcess, toEnvironment } from '@baton/runner';
import { type Located, locateAgent } from './program.ts';
import type { AcpSettings } from './settings.ts';

/** The whole environment of an agent: what the session sets wins over the definition, and that over the server's. */
export function toAgentEnvironment(
  { env = {}, passes = [] }: AcpAgentDefinition,
  from: Readonly<Record<string, string | undefined>>,
  set: Readonly<Record<string, string>>,
): Record<string, string> {
  return toEnvironment({ from, allow: passes, set: { ...env, ...set } });
}

/** What hears of the process; see `ProcessOptions` of the runner. */
export interface ProcessEars {
  onLine(line: string): void | Promise<void>;
  onOverlongLine(bytes: number): void;
  onOverflow(head: string): void;
  onStderrLine(text: string): void;
  onExit(exit: ProcessExit): void;
}

export interface StartedAgent extends Located {
  process: AgentProcess;
}

const MAX_LINE = 32 * 1024 * 1024;

/** Finds the program and starts it. Undefined when it is no longer wanted. */
export async function startAgent(start: {
  settings: AcpSettings;
  options: Pick<OpenOptions, 'cwd' | 'sessionId'>;
  env: Readonly<Record<string, string>>;
  ears: ProcessEars;
  isWanted(): boolean;
}): Promise<StartedAgent | undefined> {
  const { settings, options, env, ears } = start;
  const { definition, bounds, serverMarker } = settings;
  const located = await locateAgent(definition, env);
  if (!start.isWanted()) return undefined;
  const process = await startProcess({
    command: located.path,
    args: definition.args,
    cwd: options.cwd,
    env,
    marker: { session: options.sessionId, server: serverMarker },
    leashed: true,
    bounds: bounds.stop,
    maxLineBytes: MAX_LINE,
    ...ears,
  });
  return { ...located, process };
}
