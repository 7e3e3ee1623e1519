import { toFields, toNamedPaths } from './tool-name.ts';
import type { ToolContent } from './wire.ts';

const BEFORE = ['old_string', 'oldString', 'old_str', 'old_text'];
const AFTER = ['new_string', 'newString', 'new_str', 'new_text'];
const WHOLE = ['content', 'contents', 'file_text'];

/** What an edit changes as its input names it, for agents that show no change of their own: a piece of a file, or all of it. */
export function toNamedChange(input: unknown): ToolContent | undefined {
  const [path] = toNamedPaths(input);
  const newText = toText(input, AFTER) ?? toText(input, WHOLE);
  // What stood in a file that is written as a whole, nobody says: it need not be new.
  const oldText = toText(input, BEFORE) ?? '';
  return path === undefined || newText === undefined
    ? undefined
    : { type: 'diff', path, oldText, newText, isPart: true };
}

function toText(input: unknown, names: readonly string[]): string | undefined {
  const fields = toFields(input);
  const found = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : undefined;
}
