import { toFolderName, toShortPath } from '../sessions/folder-name.ts';
import type { SelectOption } from '../ui/select.tsx';

/** The folders to choose from, in the order of their newest conversation; the chosen one is always among them. */
export function toFolderOptions(folders: readonly string[], chosen: string | undefined): SelectOption[] {
  const all = [...new Set([...folders, ...(chosen === undefined ? [] : [chosen])])];
  return all.map((folder) => ({ value: folder, title: toFolderName(folder), description: toShortPath(folder) }));
}
