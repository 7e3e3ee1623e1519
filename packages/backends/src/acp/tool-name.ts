import { relative, isAbsolute } from 'node:path';
import type { ToolKind } from '@baton/protocol';
import type { ToolFields } from './wire.ts';

const KINDS: Readonly<Record<string, ToolKind>> = {
  read: 'read',
  edit: 'edit',
  delete: 'delete',
  move: 'move',
  search: 'search',
  execute: 'execute',
  think: 'think',
  fetch: 'fetch',
  switch_mode: 'think',
};

const MCP = /^mcp_/;
// What Codex says that a command does is its guess: that it reads, where it prints and counts.
const COMMAND = /^exec_command$/;
const SUBAGENT = /^(agent|task|invoke_agent|subagent)$/i;

/** The agent's own name of the tool. Few agents tell it; Gemini CLI hides it in the call's id. */
export function toToolName(call: ToolFields): string {
  const named = toToldName(call);
  if (named !== undefined) return named;
  if (isBareName(call)) return call.title ?? 'tool';
  return /^([a-z][a-z0-9_]*?)__\w/.exec(call.toolCallId)?.[1] ?? call.kind ?? 'tool';
}

// OpenCode announces a call by the name of its tool, and then says what it does.
const isBareName = ({ title, status, rawInput }: ToolFields): boolean =>
  status === 'pending' &&
  /^[a-z][a-z0-9_]*$/.test(title ?? '') &&
  Object.keys(toFields(rawInput)).every((key) => key === 'cwd');

export function toToldName({ name, _meta: meta }: ToolFields): string | undefined {
  return [name, meta?.claudeCode?.toolName, meta?.toolName].find((each) => each != null && each !== '') ?? undefined;
}

export function toToolKind(tool: string, kind: string | null | undefined): ToolKind {
  if (MCP.test(tool)) return 'mcp';
  if (SUBAGENT.test(tool)) return 'subagent';
  if (COMMAND.test(tool)) return 'execute';
  return KINDS[kind ?? ''] ?? 'other';
}

const VERBS: Partial<Record<ToolKind, string>> = { read: 'Read', edit: 'Edit', delete: 'Delete', move: 'Move' };

export interface Named {
  kind: ToolKind;
  title: string;
  input: unknown;
  locations: readonly { path: string }[];
}

/** What the call does, in the command's or the path's own words rather than in the agent's summary of it. */
export function toTitle({ kind, title, input, locations }: Named, cwd: string): string {
  const fields = toFields(input);
  const command = toCommand(fields['command'] ?? fields['cmd']);
  if (kind === 'execute' && command !== undefined) return command;
  const verb = VERBS[kind];
  const paths = locations.length > 0 ? locations.map(({ path }) => path) : toNamedPaths(input);
  if (verb !== undefined && paths.length > 0)
    return `${verb} ${[...new Set(paths.map((path) => toShown(path, cwd)))].join(', ')}`;
  const { url } = fields;
  return kind === 'fetch' && typeof url === 'string' ? `Fetch ${url}` : title;
}

const PATHS = ['file_path', 'filePath', 'absolute_path', 'path'];

/** The file that an input names, as the agent wrote it. */
export function toNamedPaths(input: unknown): string[] {
  const fields = toFields(input);
  return PATHS.map((name) => fields[name])
    .filter((path) => typeof path === 'string')
    .slice(0, 1);
}

export function toCommand(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return Array.isArray(value) && value.length > 0 ? value.join(' ') : undefined;
}

function toShown(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inner = relative(cwd, path);
  return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? path : inner;
}

export function toFields(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {};
}
