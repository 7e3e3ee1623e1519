import type { Risk, ToolKind } from '@baton/protocol';
import { parseShellLine, type SimpleCommand } from './shell-line.ts';

/** All that rules may look at. */
export interface Facts {
  backend: string;
  /** The session's, by its real path. */
  folder: string;
  tool: string;
  /** `none` for what is no command; `unknown` where there is one that cannot be read. */
  commands: readonly SimpleCommand[] | 'none' | 'unknown';
  /** Absolute and real, as far as they exist; `unknown` where files are meant that cannot be read off. */
  paths: readonly string[] | 'none' | 'unknown';
  risk: Risk['level'] | undefined;
}

export interface Action {
  kind: ToolKind;
  tool: string;
  input: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const SHELLS = /(?:^|\/)(?:ba|z|da|k)?sh$/;
const NOT_POSIX = /power_?shell|pwsh|cmd\.exe/i;

/** The simple commands of an action. */
export function readCommands({ kind, tool, input }: Action): Facts['commands'] {
  const fields = toFields(input);
  const command = fields.command ?? fields.cmd;
  if (kind !== 'execute') return command === undefined ? 'none' : 'unknown';
  if (NOT_POSIX.test(tool) || fields.dangerouslyDisableSandbox === true) return 'unknown';
  const line = toLine(command);
  if (line === undefined) return 'unknown';
  if (typeof line !== 'string') return [line];
  const parsed = parseShellLine(line);
  return parsed.ok && parsed.commands.length > 0 ? parsed.commands : 'unknown';
}

// A line for a shell, or one command whose words need none.
function toLine(command: unknown): string | SimpleCommand | undefined {
  if (typeof command === 'string') return NOT_POSIX.test(command) ? undefined : command;
  if (!Array.isArray(command)) return undefined;
  const words = command.filter((word) => typeof word === 'string');
  const [program, flag, line] = words;
  if (program === undefined || words.length !== command.length || NOT_POSIX.test(program)) return undefined;
  if (SHELLS.test(program)) return words.length === 3 && /^-l?c$/.test(flag ?? '') ? line : undefined;
  return { words: words.map((text) => ({ text, open: 'no' })), redirects: false };
}

const PATH_FIELDS = [
  ...['file_path', 'filePath', 'filepath', 'path', 'notebook_path', 'absolute_path', 'abs_path', 'file', 'filename'],
  ...['paths', 'files', 'changes', 'grantRoot', 'source', 'destination', 'old_path', 'new_path', 'from', 'to'],
] as const;
const FILE_KINDS: ReadonlySet<ToolKind> = new Set<ToolKind>(['read', 'edit', 'delete', 'move', 'search']);

/** The paths that an action names, as it names them. */
export function readPaths({ kind, input }: Action): readonly string[] | 'none' | 'unknown' {
  if (!FILE_KINDS.has(kind)) return 'none';
  const fields = toFields(input);
  const named = PATH_FIELDS.flatMap((name) => toPaths(fields[name]));
  if (named.length === 0 || named.includes(undefined)) return 'unknown';
  return named.filter((path) => path !== undefined);
}

// A path, a list of them, a list of objects that have one, or an object keyed by them.
function toPaths(value: unknown): (string | undefined)[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value === '' || value.includes('\0') ? undefined : value];
  if (Array.isArray(value)) return value.flatMap((each) => toListed(each));
  return Object.keys(toFields(value)).flatMap((path) => [path, ...toMoved(toFields(value)[path])]);
}

function toListed(value: unknown): (string | undefined)[] {
  if (typeof value === 'string') return toPaths(value);
  const fields = toFields(value);
  const named = PATH_FIELDS.flatMap((name) => (typeof fields[name] === 'string' ? [fields[name]] : []));
  return named.length === 0 ? [undefined] : [...named, ...toMoved(value)];
}

function toMoved(change: unknown): string[] {
  const { move_path: moved, movePath } = toFields(change);
  return [moved, movePath].filter((path) => typeof path === 'string');
}

function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
