import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentProcess } from '@baton/runner';
import { readFolder } from '../stored/list-files.ts';

/**
 * Ends a Claude Code that nobody has talked to without letting it run anything of its user, such as a hook of the end, and
 * removes what it would have removed itself: its notes of who has which conversation open, and the socket it listens on.
 */
export async function killUnused(process: AgentProcess, env: Readonly<Record<string, string>>): Promise<void> {
  await process.kill();
  const config = env['CLAUDE_CONFIG_DIR'] ?? join(env['HOME'] ?? env['USERPROFILE'] ?? '', '.claude');
  const sessions = join(config, 'sessions');
  const own = (await readFolder(sessions)).filter(({ name }) => name.startsWith(`${process.pid}.`));
  const paths = [
    ...own.map(({ name }) => join(sessions, name)),
    join(env['TMPDIR'] ?? tmpdir(), 'cc-socks', `${process.pid}.sock`),
  ];
  // What cannot be removed says nothing: it names a process that is gone.
  await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
}
