import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Located } from '../agent/read-version.ts';
import { locateClaude } from '../claude/program.ts';

/**
 * The program that the SDK drives: Claude Code by setting or by search, else the one that came with the SDK. Rejects with
 * `backend-not-installed`.
 */
export async function locateProgram(
  folder: string,
  setting: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Located> {
  try {
    return await locateClaude(setting, env);
  } catch (error) {
    const bundled = setting === undefined ? await findBundled(folder) : undefined;
    if (bundled === undefined) throw error;
    return locateClaude(bundled, env);
  }
}

async function findBundled(folder: string): Promise<string | undefined> {
  const platform = `${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  const names = [platform, `${platform}-musl`].map((name) => join(dirname(folder), `claude-agent-sdk-${name}`, file));
  const found = await Promise.all(names.map(isThere));
  return names[found.indexOf(true)];
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
