import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What Codex's settings say of how far it trusts folders. */
export interface Trust {
  projects: Readonly<Record<string, { trust_level: 'untrusted' }>>;
}

/**
 * For a folder and the repository it is in: without a word Codex would trust them for ever, and run what the repository's own
 * settings say. Never rejects.
 */
export async function readTrust(cwd: string): Promise<Trust> {
  const root = await findRepository(cwd);
  const folders = [...new Set([cwd, root ?? cwd])];
  return { projects: Object.fromEntries(folders.map((folder) => [folder, { trust_level: 'untrusted' }])) };
}

async function findRepository(folder: string): Promise<string | undefined> {
  const isRoot = await access(join(folder, '.git')).then(
    () => true,
    () => false,
  );
  if (isRoot) return folder;
  return dirname(folder) === folder ? undefined : findRepository(dirname(folder));
}
