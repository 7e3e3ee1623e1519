import { isAbsolute, relative } from 'node:path';
import type { ToolKind, ToolOutput } from '@baton/protocol';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import { countChanges } from '../agent/count-changes.ts';
import { cutMiddle } from '../agent/cut.ts';
import type { FileChange } from './wire.ts';

const MAX_PATCH = 200_000;

export function toShownPath(path: string, cwd: string): string {
  const inner = relative(cwd, path);
  return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? path : inner;
}

const VERBS: Readonly<Record<string, string>> = { add: 'Write', delete: 'Delete' };

/** Verb and files, all of them, because a person allows all of them. */
export function toChangeTitle(changes: readonly FileChange[], cwd: string): string {
  if (changes.length === 0) return 'Edit files';
  const words = changes.map(({ path, kind }) => {
    const to = kind.move_path == null ? '' : ` to ${toShownPath(kind.move_path, cwd)}`;
    return `${to === '' ? (VERBS[kind.type] ?? 'Edit') : 'Move'} ${toShownPath(path, cwd)}${to}`;
  });
  return words.join(', ');
}

export function toChangeKind(changes: readonly FileChange[]): ToolKind {
  const all = (fits: (change: FileChange) => boolean) => changes.length > 0 && changes.every(fits);
  if (all((change) => change.kind.type === 'delete')) return 'delete';
  return all((change) => change.kind.move_path != null && change.diff === '') ? 'move' : 'edit';
}

/** The changes as diffs. Codex gives hunks for an update, and the bare content for a file that comes or goes. */
export function toDiffs(changes: readonly FileChange[]): ToolOutput[] {
  return changes.map((change) => {
    const patch = toPatch(change);
    const { text, cut } = cutMiddle(patch, MAX_PATCH);
    return {
      type: 'diff',
      path: change.kind.move_path ?? change.path,
      patch: text,
      ...countChanges(patch),
      ...(cut === undefined ? {} : { cut }),
    };
  });
}

function toPatch({ path, kind, diff }: FileChange): string {
  if (kind.type === 'update') {
    const body = diff === '' || diff.endsWith('\n') ? diff : `${diff}\n`;
    return body === '' ? '' : `--- ${path}\n+++ ${kind.move_path ?? path}\n${body}`;
  }
  const isNew = kind.type === 'add';
  const { hunks } = structuredPatch(path, path, isNew ? '' : diff, isNew ? diff : '');
  const oldFileName = isNew ? '/dev/null' : path;
  const newFileName = isNew ? path : '/dev/null';
  if (hunks.length === 0) return '';
  return formatPatch(
    { oldFileName, newFileName, oldHeader: undefined, newHeader: undefined, hunks },
    FILE_HEADERS_ONLY,
  );
}
