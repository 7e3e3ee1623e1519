import { toFolderName } from '../sessions/folder-name.ts';

export interface FolderEntry {
  name: string;
  path: string;
  git: boolean;
}

/** What typed text asks for: the folder whose content is wanted (none: the roots), and what its names must contain. */
export interface FolderQuery {
  folder?: string;
  filter: string;
}

/** `/home/me/co` lists `/home/me` and filters by `co`; `/home/me/` lists all of it; text without a slash filters the roots. */
export function toFolderQuery(text: string): FolderQuery {
  const cut = Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\'));
  if (cut === -1) return { filter: text.trim() };
  const folder = text.slice(0, cut);
  const isRoot = folder === '' || /^[A-Za-z]:$/.test(folder);
  return { folder: isRoot ? text.slice(0, cut + 1) : folder, filter: text.slice(cut + 1).trim() };
}

export interface Suggestion extends FolderEntry {
  kind: 'recent' | 'folder';
}

export interface SuggestionSource {
  text: string;
  /** The content of the folder of the query, or the roots. */
  items: readonly FolderEntry[];
  /** Folders of earlier sessions, the latest first. */
  recent: readonly string[];
}

const MOST_RECENT = 6;

/** Recent folders whose path matches, then the folders of the listing, those whose name begins with the filter first. */
export function toSuggestions({ text, items, recent }: SuggestionSource): Suggestion[] {
  const { folder, filter } = toFolderQuery(text);
  const wanted = filter.toLowerCase();
  const listed = items.filter((item) => item.name.toLowerCase().includes(wanted)).sort(byNearness(wanted));
  // Once someone walks by path, earlier folders only get in the way.
  const recents =
    folder === undefined ? recent.filter((path) => path.toLowerCase().includes(wanted)).slice(0, MOST_RECENT) : [];
  return [
    ...recents.map((path) => toRecent(path, items)),
    ...listed.filter((item) => !recents.includes(item.path)).map((item) => ({ ...item, kind: 'folder' }) as const),
  ];
}

function toRecent(path: string, items: readonly FolderEntry[]): Suggestion {
  const git = items.find((item) => item.path === path)?.git ?? false;
  return { kind: 'recent', name: toFolderName(path), path, git };
}

function byNearness(wanted: string): (a: FolderEntry, b: FolderEntry) => number {
  const rank = (name: string) => (wanted !== '' && name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return (a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name);
}

export interface Crumb {
  name: string;
  path: string;
}

/** The parts of a path from its root down, each with the path up to it. */
export function toCrumbs(path: string): Crumb[] {
  const separator = path.includes('\\') ? '\\' : '/';
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  const crumbs = parts.map((name, index) => ({
    name,
    path: `${separator === '/' ? '/' : ''}${parts.slice(0, index + 1).join(separator)}`,
  }));
  return separator === '/' ? [{ name: '/', path: '/' }, ...crumbs] : crumbs;
}

/** The text that lists what is inside a folder. */
export function toInside(path: string): string {
  return /[\\/]$/.test(path) ? path : `${path}${path.includes('\\') ? '\\' : '/'}`;
}

/** The text one level up from what is listed now; empty text lists the roots. */
export function toUp(text: string): string {
  const { folder, filter } = toFolderQuery(text);
  if (folder === undefined) return '';
  if (filter !== '') return toInside(folder);
  const cut = Math.max(folder.lastIndexOf('/'), folder.lastIndexOf('\\'));
  return cut <= 0 ? (folder.length > 1 ? folder.slice(0, 1) : '') : folder.slice(0, cut + 1);
}

/** A path without its closing slash, as the server knows it. */
export function toCwd(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 1 ? trimmed.replace(/[\\/]+$/, '') || '/' : trimmed;
}

/** The folders of earlier sessions, the latest first, each once. */
export function toRecentFolders(sessions: readonly { cwd: string }[]): string[] {
  return [...new Set(sessions.map((session) => session.cwd))];
}
