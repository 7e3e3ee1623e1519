import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { describeFile, toAncestors } from '../agent/describe-file.ts';

const GIT_MS = 2000;
const FILES = ['CLAUDE.md', 'CLAUDE.local.md', 'AGENTS.md', '.mcp.json', '.claude/CLAUDE.md'];
const SETTINGS = ['settings.json', 'settings.local.json', 'CLAUDE.md', '.credentials.json'];
const FOLDERS = ['commands', 'agents', 'skills', 'rules', 'output-styles'];

/**
 * Changes when anything changes that Claude Code reads once, when it starts: memory, commands, settings, servers, who is
 * signed in, the state of the repository, the date. A process that started before such a change would not know of it.
 */
export async function readFingerprint(place: {
  cwd: string;
  env: Readonly<Record<string, string>>;
  now: number;
}): Promise<string> {
  const { cwd, env, now } = place;
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const config = env['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude');
  const files = [
    ...toAncestors(cwd).flatMap((folder) => FILES.map((file) => join(folder, file))),
    ...[config, join(cwd, '.claude')].flatMap((folder) => SETTINGS.map((file) => join(folder, file))),
    join(config, 'plugins', 'installed_plugins.json'),
  ];
  const folders = [config, join(cwd, '.claude')].flatMap((root) => FOLDERS.map((folder) => join(root, folder)));
  const parts = await Promise.all([
    ...files.map(describeFile),
    ...folders.map(describeFolder),
    describeState(join(env['CLAUDE_CONFIG_DIR'] ?? home, '.claude.json'), cwd),
    describeRepository(cwd, env),
  ]);
  const date = new Date(now).toDateString();
  return createHash('sha256')
    .update(JSON.stringify([date, ...parts]))
    .digest('hex');
}

async function describeFolder(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = await Promise.all(names.map((name) => describeFile(join(folder, name))));
  return files.toSorted((left, right) => (left < right ? -1 : 1)).join('\n');
}

const projectSchema = z.object({
  mcpServers: z.unknown().optional(),
  enabledMcpjsonServers: z.unknown().optional(),
  disabledMcpjsonServers: z.unknown().optional(),
});
const stateSchema = z.object({
  mcpServers: z.unknown().optional(),
  oauthAccount: z.unknown().optional(),
  projects: z.record(z.string(), projectSchema).optional(),
});

// The CLI notes all sorts of things in this file all the time; only what a session begins with counts.
async function describeState(path: string, cwd: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const json = parseJson(text);
  const state = stateSchema.safeParse(json.ok ? json.value : undefined);
  if (!state.success) return '';
  const { mcpServers, oauthAccount, projects } = state.data;
  return JSON.stringify([mcpServers, oauthAccount, projects?.[cwd]]);
}

async function describeRepository(cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch'];
  const options = { cwd, env: { ...env }, timeout: GIT_MS, maxBuffer: 16 * 1024 * 1024 };
  return promisify(execFile)('git', args, options).then(
    ({ stdout }) => stdout,
    // No repository or no git is a state too; a repository too large to be asked is never the same again.
    (error: unknown) => (isExit(error) ? 'none' : randomUUID()),
  );
}

function isExit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 128);
}
