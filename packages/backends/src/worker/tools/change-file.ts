import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ToolOutput } from '@baton/protocol';
import { replaceText } from '../../agent/replace-text.ts';
import { withCut } from './cut-text.ts';
import type { PathScope, ScopedPath } from './path-scope.ts';
import { failed, type ToolOutcome } from './tool.ts';

const MAX_PATCH = 60_000;

/** The text of a file; undefined when there is none. Refuses what is no text. */
export async function readText(target: ScopedPath): Promise<string | undefined | { refused: string }> {
  const found = await stat(target.real).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) return { refused: `${target.shown} is not a regular file.` };
  const bytes = await readFile(target.real);
  if (bytes.subarray(0, 8000).includes(0)) return { refused: `${target.shown} is a binary file.` };
  return bytes.toString('utf8');
}

/** Writes a file and tells what changed. The path is looked at again: it may lead elsewhere than when it was approved. */
export async function changeFile(scope: PathScope, target: ScopedPath, change: Change): Promise<ToolOutcome> {
  const again = await scope.resolve(target.real);
  if (again.real !== target.real)
    return failed(`${target.shown} became a link to ${again.real} meanwhile; nothing was written.`);
  await mkdir(path.dirname(target.real), { recursive: true });
  await replaceText(target.real, change.after);
  return { status: 'completed', output: [await toDiff(target.shown, change)] };
}

// Two long texts with nothing in common take minutes to compare.
const DIFF_MS = 500;

interface Change {
  before: string | undefined;
  after: string;
}

/** A unified diff of one file; for texts that are too different to compare in time, all lines out and all lines in. */
async function toDiff(shown: string, { before, after }: Change): Promise<ToolOutput> {
  const { formatPatch, structuredPatch } = await import('diff');
  const from = before === undefined ? '/dev/null' : `a/${shown}`;
  const options = { context: 3, timeout: DIFF_MS };
  const found = structuredPatch(from, `b/${shown}`, before ?? '', after, undefined, undefined, options);
  const patch = found === undefined ? toReplacement(from, shown, { before, after }) : formatPatch(found);
  const lines = found === undefined ? patch.split('\n').slice(3) : found.hunks.flatMap((hunk) => hunk.lines);
  return {
    type: 'diff',
    path: shown,
    patch: patch.slice(0, MAX_PATCH),
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
    ...withCut(patch.length - MAX_PATCH),
  };
}

function toReplacement(from: string, shown: string, { before = '', after }: Change): string {
  const removed = toLines(before);
  const added = toLines(after);
  const header = [`--- ${from}`, `+++ b/${shown}`, `@@ -1,${removed.length} +1,${added.length} @@`];
  return [...header, ...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`), ''].join('\n');
}

const toLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
