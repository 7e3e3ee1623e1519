import { join } from 'node:path';
import { AppError } from '@baton/protocol';
import { findProgram } from '@baton/runner';
import { type Located, readVersion } from '../agent/read-version.ts';

const VERSION_MS = 10_000;

/** The Claude Code CLI, by setting or by search, and its version. Rejects with `backend-not-installed`. */
export async function locateClaude(
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  const folders = env['HOME'] === undefined ? [] : [join(env['HOME'], '.claude', 'local')];
  const found = await findProgram({ name: 'claude', setting, env, folders });
  if (!found.found) {
    const how = 'Install it with "npm install -g @anthropic-ai/claude-code", or set the path of the program';
    throw new AppError('backend-not-installed', `Claude Code is not installed (looked in ${found.lookedIn}). ${how}`);
  }
  const { path } = found;
  const own = { PATH: process.env['PATH'] ?? '' };
  return { path, version: await readVersion({ path, title: 'Claude Code', env: own, timeoutMs: VERSION_MS }) };
}
