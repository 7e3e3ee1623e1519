import { z } from 'zod';
import { programText } from './program-text.ts';

/** What a new session begins with in a folder and all below it, until the user says otherwise. */
export const folderDefaultSchema = z.strictObject({
  /** An absolute path. */
  folder: programText(4096).refine((path) => isAbsolute(path), 'Give an absolute path'),
  backend: z.string().min(1).max(64),
  model: programText(200).min(1).optional(),
  mode: z.string().min(1).max(64).optional(),
  effort: z.string().min(1).max(64).optional(),
});
export type FolderDefault = z.infer<typeof folderDefaultSchema>;

export const folderDefaultsSchema = z
  .array(folderDefaultSchema)
  .max(500)
  .refine((items) => new Set(items.map(({ folder }) => toParts(folder).join('/'))).size === items.length, {
    message: 'A folder is named twice',
  });

/** The default that holds in a folder: that of the folder itself, else of the nearest above it. */
export function findFolderDefault(items: readonly FolderDefault[], folder: string): FolderDefault | undefined {
  const parts = toParts(folder);
  const holds = items.filter((item) => toParts(item.folder).every((part, index) => part === parts[index]));
  return holds.toSorted((one, other) => toParts(other.folder).length - toParts(one.folder).length)[0];
}

// Of Windows too: protocol runs in browsers and cannot ask the system.
function isAbsolute(path: string): boolean {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith('\\\\');
}

function toParts(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== '');
}
