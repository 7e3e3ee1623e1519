import type { ToolCallItem, ToolKind, ToolStatus } from '@baton/protocol';
import { isNewFile } from '../diff/parse-patch.ts';
import { toShortPath } from './short-path.ts';
import { toSeenText } from '../../ui/seen-text.ts';

/** A tool call in one line: what was done, to what. */
export interface ToolLine {
  readonly verb: string;
  readonly object: string;
  /** Whether the object is a command, path or pattern and stands in mono. */
  readonly mono: boolean;
  /** Whether the object is the path of a file. */
  readonly path: boolean;
  readonly changes?: { readonly added: number; readonly removed: number };
}

type Verbs = readonly [done: string, doing: string, base: string];

const VERBS: Record<ToolKind, Verbs> = {
  read: ['Read', 'Reading', 'read'],
  edit: ['Edited', 'Editing', 'edit'],
  delete: ['Deleted', 'Deleting', 'delete'],
  move: ['Moved', 'Moving', 'move'],
  search: ['Searched', 'Searching', 'search'],
  execute: ['Ran', 'Running', 'run'],
  think: ['', '', ''],
  fetch: ['Fetched', 'Fetching', 'fetch'],
  mcp: ['Called', 'Calling', 'call'],
  subagent: ['', '', ''],
  other: ['', '', ''],
};
const CREATE: Verbs = ['Created', 'Creating', 'create'];
const TITLE_VERB =
  /^(?:reads?|edits?|writes?|creates?|updates?|deletes?|removes?|moves?|search(?:es)?(?: for)?|grep|glob|finds?|list|runs?|fetch(?:es)?|calls?)\s+/i;
const OF_FILES = new Set<ToolKind>(['read', 'edit', 'delete', 'move']);

/** The line of a call; `asked`: somebody has to allow it first, or would have had to and is not asked any more. */
export function toToolLine(call: ToolCallItem, cwd: string, asked?: 'waiting' | 'withdrawn'): ToolLine {
  const verbs = toVerbs(call);
  const changes = toChanges(call);
  const path = OF_FILES.has(call.kind) ? toPath(call) : undefined;
  return {
    verb: asked === undefined ? toVerb(verbs, call.status) : toAskedVerb(verbs, asked),
    object: path === undefined ? toObject(call) : toShortPath(path, cwd),
    mono: verbs[0] !== '' && call.kind !== 'mcp',
    path: path !== undefined,
    ...(changes === undefined ? {} : { changes }),
  };
}

function toVerbs(call: ToolCallItem): Verbs {
  const diffs = toDiffs(call);
  const isCreation = call.kind === 'edit' && diffs.length > 0 && diffs.every((diff) => isNewFile(diff.patch));
  return isCreation ? CREATE : VERBS[call.kind];
}

function toVerb([done, doing, base]: Verbs, status: ToolStatus): string {
  switch (status) {
    case 'completed':
      return done;
    case 'pending':
    case 'running':
      return doing;
    case 'denied':
      return 'Denied';
    case 'interrupted':
      return 'Interrupted';
    // A command that failed did run; all else did not happen.
    case 'failed':
      return base === 'run' || base === '' ? done : `Could not ${base}`;
  }
}

function toAskedVerb([, , base]: Verbs, asked: 'waiting' | 'withdrawn'): string {
  if (asked === 'waiting') return toSentence(base);
  return base === '' ? 'Did not happen:' : `Did not ${base}`;
}

function toObject(call: ToolCallItem): string {
  if (call.kind === 'execute') {
    const command = toFirstLine(toText(call.input, 'command') ?? call.title);
    return command === '' ? 'a command' : command;
  }
  const object = VERBS[call.kind][0] === '' ? call.title : call.title.replace(TITLE_VERB, '');
  return [object, call.tool, 'Tool call'].map(toFirstLine).find((text) => text !== '') ?? '';
}

function toPath(call: ToolCallItem): string | undefined {
  return toDiffs(call)[0]?.path ?? call.locations?.[0]?.path;
}

function toDiffs(call: ToolCallItem) {
  return (call.output ?? []).flatMap((part) => (part.type === 'diff' ? [part] : []));
}

function toChanges(call: ToolCallItem): ToolLine['changes'] {
  const diffs = toDiffs(call);
  if (diffs.length === 0) return undefined;
  return {
    added: diffs.reduce((sum, diff) => sum + diff.added, 0),
    removed: diffs.reduce((sum, diff) => sum + diff.removed, 0),
  };
}

// What is run and what is shown of it are one: nothing in it may hide or turn around what stands beside it.
function toFirstLine(text: string): string {
  const [first = '', ...rest] = toSeenText(text.trim()).split('\n');
  return rest.length === 0 ? first : `${first} …`;
}

/** A field of a tool's input that is text and not empty. */
export function toText(input: unknown, name: string): string | undefined {
  if (typeof input !== 'object' || input === null || !(name in input)) return undefined;
  const value: unknown = Reflect.get(input, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** "Read 6 files, searched twice" for calls that were folded into one line. */
export function toGroupLine(calls: readonly ToolCallItem[]): string {
  const reads = new Set(calls.filter((call) => call.kind === 'read').map((call) => toPath(call) ?? call.title)).size;
  const searches = calls.filter((call) => call.kind === 'search').length;
  const isRunning = calls.some((call) => call.status === 'running');
  const parts = [
    ...(reads === 0 ? [] : [`${isRunning ? 'reading' : 'read'} ${reads === 1 ? '1 file' : `${reads} files`}`]),
    ...(searches === 0 ? [] : [`${isRunning ? 'searching' : 'searched'} ${toTimes(searches)}`]),
  ];
  const line = parts.join(', ');
  return toSentence(line);
}

function toSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function toTimes(count: number): string {
  return ['never', 'once', 'twice'][count] ?? `${count} times`;
}
