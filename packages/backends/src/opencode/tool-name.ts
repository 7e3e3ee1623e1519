import { isAbsolute, relative } from 'node:path';
import type { ToolCallItem, ToolKind } from '@baton/protocol';

export type Input = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, ToolKind>> = {
  bash: 'execute',
  read: 'read',
  edit: 'edit',
  multiedit: 'edit',
  write: 'edit',
  patch: 'edit',
  apply_patch: 'edit',
  glob: 'search',
  grep: 'search',
  list: 'search',
  lsp: 'search',
  codesearch: 'search',
  webfetch: 'fetch',
  websearch: 'fetch',
  task: 'subagent',
  todowrite: 'think',
  todoread: 'think',
  question: 'think',
  plan_exit: 'think',
  plan_enter: 'think',
  skill: 'other',
  invalid: 'other',
};

/** Tools of MCP servers are named `server_tool`; none of OpenCode's own but those listed has an underscore. */
export function toToolKind(tool: string): ToolKind {
  return KINDS[tool] ?? (tool.includes('_') ? 'mcp' : 'other');
}

const MAX_TITLE = 300;

/** Verb and object for a person: the command itself, or what is done to which file. One line. */
export function toToolTitle(tool: string, input: Input, cwd: string): string {
  const title = toLongTitle(tool, input, cwd).replace(/\s+/g, ' ').trim();
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
}

const TITLES: Readonly<Record<string, (text: (name: string) => string, path: string) => string>> = {
  bash: (text) => text('command') || 'Run a command',
  edit: (_, path) => `Edit ${path}`,
  multiedit: (_, path) => `Edit ${path}`,
  write: (_, path) => `Write ${path}`,
  read: (_, path) => `Read ${path}`,
  list: (_, path) => `List ${path || 'the folder'}`,
  patch: () => 'Apply a patch',
  apply_patch: () => 'Apply a patch',
  grep: (text, path) => `Search for "${text('pattern')}"${path === '' ? '' : ` in ${path}`}`,
  glob: (text, path) => `Find ${text('pattern')}${path === '' ? '' : ` in ${path}`}`,
  webfetch: (text) => `Fetch ${text('url')}`,
  websearch: (text) => `Search the web for "${text('query')}"`,
  task: (text) => text('description') || 'Delegate to a subagent',
  todowrite: () => 'Update the plan',
  todoread: () => 'Read the plan',
  question: () => 'Ask a question',
  plan_exit: () => 'Leave plan mode',
  plan_enter: () => 'Make a plan first',
  skill: (text) => `Use the skill ${text('name')}`,
  invalid: (text) => `Call ${text('tool') || 'a tool'} (not possible)`,
};

/** The same without a limit, for an approval: a person must see all of what they allow. */
export function toLongTitle(tool: string, input: Input, cwd: string): string {
  const text = (name: string) => (typeof input[name] === 'string' ? input[name] : '');
  const path = toShownPath(text('filePath') || text('filepath') || text('path'), cwd);
  return TITLES[tool]?.(text, path) ?? tool;
}

export function toShownPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

export function toLocations(input: Input): ToolCallItem['locations'] {
  const path = input['filePath'] ?? input['filepath'] ?? input['path'];
  if (typeof path !== 'string') return undefined;
  const line = input['offset'];
  return [{ path, ...(typeof line === 'number' && Number.isInteger(line) ? { line } : {}) }];
}
