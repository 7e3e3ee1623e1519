import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';
import { type Found, type Located, LOOK_MS, identify } from '../agent/read-version.ts';

/** The Claude Code CLI, by setting or by search. Rejects with `backend-not-installed`. */
export async function findClaude(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Found> {
  const folders = env['HOME'] === undefined ? [] : [join(env['HOME'], '.claude', 'local')];
  const found = await findProgram({ name: 'claude', setting, env, folders });
  if (!found.found) {
    const how = 'Install it with "npm install -g @anthropic-ai/claude-code", or set the path of the program';
    throw new AppError('backend-not-installed', `Claude Code is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  const { path } = found;
  const own = { PATH: process.env['PATH'] ?? '' };
  return identify({ path, title: 'Claude Code', env: own, timeoutMs: LOOK_MS });
}

/** The CLI and its version. */
export async function locateClaude(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  const { path, version } = await findClaude(setting, env);
  return { path, version: await version };
}
