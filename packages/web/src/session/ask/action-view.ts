import { assertNever, type ApprovalView } from '@baton/protocol';
import { createPatch } from 'diff';
import { toSeenText } from '../../ui/seen-text.ts';
import { toText } from '../tool/tool-line.ts';

/** What is asked for, in the form in which it can be judged. */
export type ActionView =
  | { readonly type: 'command'; readonly text: string; readonly purpose?: string }
  | { readonly type: 'diff'; readonly path: string; readonly patch: string; readonly numbered: boolean }
  | { readonly type: 'plan'; readonly markdown: string }
  /** `input` is empty when the title says it all. */
  | { readonly type: 'plain'; readonly title: string; readonly input: string };

type Asked = Pick<ApprovalView, 'title' | 'action'>;

/** Chosen by the kind of action and the shape of its input, never by who asks. Nothing in it is hidden from the eye. */
export function toActionView(asked: Asked): ActionView {
  const view = toRawView(asked);
  switch (view.type) {
    case 'command':
      return { ...view, text: toSeenText(view.text) };
    case 'diff':
      return { ...view, path: toSeenText(view.path), patch: toSeenText(view.patch) };
    case 'plan':
      return { ...view, markdown: toSeenText(view.markdown) };
    case 'plain':
      return { ...view, title: toSeenText(view.title), input: toSeenText(view.input) };
    default:
      return assertNever(view);
  }
}

function toRawView({ title, action }: Asked): ActionView {
  const { kind, input } = action;
  if (kind === 'think') {
    const plan = toText(input, 'plan');
    if (plan !== undefined) return { type: 'plan', markdown: plan };
  }
  if (kind === 'execute') {
    const purpose = toText(input, 'description');
    return { type: 'command', text: toText(input, 'command') ?? title, ...(purpose === undefined ? {} : { purpose }) };
  }
  if (kind === 'edit') {
    const diff = toDiff(input, title);
    if (diff !== undefined) return diff;
  }
  return { type: 'plain', title, input: toInputText(input, title) };
}

const PATHS = ['file_path', 'filePath', 'path', 'notebook_path'];
const PATCHES = ['patch', 'diff', 'unified_diff'];
const PAIRS = [
  ['old_string', 'new_string'],
  ['oldString', 'newString'],
  ['oldText', 'newText'],
  ['old_text', 'new_text'],
] as const;

function toDiff(input: unknown, title: string): ActionView | undefined {
  const path = firstText(input, PATHS) ?? title;
  const patch = firstText(input, PATCHES);
  if (patch !== undefined && patch.includes('@@')) return { type: 'diff', path, patch, numbered: true };
  const changes = toEdits(input).flatMap(toChange);
  const content = firstText(input, ['content', 'new_source']);
  if (changes.length === 0 && content === undefined) return undefined;
  if (changes.length === 0) return { type: 'diff', path, patch: createPatch(path, '', content ?? ''), numbered: true };
  const patches = changes.map(([before, after]) =>
    createPatch(path, before, after, undefined, undefined, { context: 3 }),
  );
  // One head, then the hunks of all of them.
  return { type: 'diff', path, patch: patches.map((one) => one.slice(one.indexOf('@@'))).join(''), numbered: false };
}

// One edit, or several of the same file.
function toEdits(input: unknown): unknown[] {
  if (typeof input !== 'object' || input === null || !('edits' in input)) return [input];
  return Array.isArray(input.edits) ? input.edits : [input];
}

function toChange(edit: unknown): [before: string, after: string][] {
  for (const [old, fresh] of PAIRS) {
    const before = toText(edit, old);
    const after = toText(edit, fresh);
    if (before !== undefined || after !== undefined) return [[endLine(before ?? ''), endLine(after ?? '')]];
  }
  return [];
}

// A piece of a file ends where it ends: a missing line end is none of its changes.
function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function firstText(input: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = toText(input, name);
    if (text !== undefined) return text;
  }
  return undefined;
}

function toInputText(input: unknown, title: string): string {
  if (typeof input !== 'object' || input === null) return '';
  const values = Object.values(input);
  if (values.length === 0 || (values.length === 1 && title.includes(String(values[0])))) return '';
  return JSON.stringify(input, null, 2);
}
