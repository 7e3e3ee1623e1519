import { type AgentProcess, type ProcessExit, startProcess } from '@baton/runner';
import { type Conversation, toArguments } from './launch.ts';
import type { Found } from '../agent/read-version.ts';
import type { ClaudeSettings } from './settings.ts';

/** All that decides what a new process is like, apart from its conversation. */
export interface Recipe {
  program: Pick<Found, 'path' | 'build'>;
  cwd: string;
  env: Readonly<Record<string, string>>;
  model: string | undefined;
  mode: string | undefined;
  effort: string | undefined;
}

/** What hears of the process; see `ProcessOptions` of the runner. */
export interface ProcessEars {
  onLine(line: string): void | Promise<void>;
  onOverlongLine(bytes: number): void;
  onStderrLine(text: string): void;
  onExit(exit: ProcessExit): void;
}

/** Starts a process. Without a session it carries only the server's marker and its own. */
export function launchClaude(launch: {
  recipe: Recipe;
  settings: Pick<ClaudeSettings, 'serverMarker' | 'bounds'>;
  conversation: Conversation;
  session?: string;
  ears: ProcessEars;
}): Promise<AgentProcess> {
  const { recipe, settings, conversation, session, ears } = launch;
  const { program, cwd, env } = recipe;
  return startProcess({
    command: program.path,
    args: toArguments({ ...recipe, conversation }),
    cwd,
    env,
    marker: { session, server: settings.serverMarker },
    bounds: settings.bounds.stop,
    // In the middle of a tool it would go on without Baton, and write into a conversation that somebody has gone on with.
    leashed: true,
    ...ears,
  });
}
