import { isAbsolute, relative } from 'node:path';
import type { ToolCallItem, ToolKind } from '@baton/protocol';

type Input = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, ToolKind>> = {
  Bash: 'execute',
  BashOutput: 'execute',
  KillShell: 'execute',
  Monitor: 'execute',
  Read: 'read',
  NotebookRead: 'read',
  Edit: 'edit',
  MultiEdit: 'edit',
  Write: 'edit',
  NotebookEdit: 'edit',
  Glob: 'search',
  Grep: 'search',
  LS: 'search',
  ToolSearch: 'search',
  WebFetch: 'fetch',
  WebSearch: 'fetch',
  Agent: 'subagent',
  Task: 'subagent',
  TodoWrite: 'think',
  TaskCreate: 'think',
  TaskUpdate: 'think',
  TaskList: 'think',
  TaskGet: 'think',
  ExitPlanMode: 'think',
  EnterPlanMode: 'think',
  AskUserQuestion: 'think',
};

export function toToolKind(tool: string): ToolKind {
  if (tool.startsWith('mcp__')) return 'mcp';
  return KINDS[tool] ?? 'other';
}

const MAX_TITLE = 300;

/** Verb and object for a person: the command itself, or what is done to which file. One line. */
export function toToolTitle(tool: string, input: Input, cwd: string): string {
  const title = toLongTitle(tool, input, cwd).replace(/\s+/g, ' ').trim();
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title;
}

/** The same without a limit, for an approval: a person must see all of what they allow. */
export function toLongTitle(tool: string, input: Input, cwd: string): string {
  const text = (name: string) => (typeof input[name] === 'string' ? input[name] : '');
  const path = toShownPath(text('file_path') || text('notebook_path') || text('path'), cwd);
  switch (tool) {
    case 'Bash':
      return text('command') || 'Run a command';
    case 'Edit':
    case 'MultiEdit':
    case 'NotebookEdit':
      return `Edit ${path}`;
    case 'Write':
    case 'Read':
      return `${tool} ${path}`;
    case 'Grep':
      return `Search for "${text('pattern')}"${path === '' ? '' : ` in ${path}`}`;
    case 'Glob':
      return `Find ${text('pattern')}${path === '' ? '' : ` in ${path}`}`;
    default:
      return toOtherTitle(tool, text);
  }
}

function toOtherTitle(tool: string, text: (name: string) => string): string {
  switch (tool) {
    case 'WebFetch':
      return `Fetch ${text('url')}`;
    case 'WebSearch':
      return `Search the web for "${text('query')}"`;
    case 'Agent':
    case 'Task':
      return text('description') || 'Delegate to a subagent';
    case 'TodoWrite':
    case 'TaskCreate':
    case 'TaskUpdate':
      return 'Update the plan';
    case 'ExitPlanMode':
      return 'Propose a plan';
    case 'AskUserQuestion':
      return 'Ask a question';
    case 'Skill':
      return `Use the skill ${text('skill') || text('command')}`;
    default:
      return tool.startsWith('mcp__') ? tool.slice('mcp__'.length).replace('__', ': ') : tool;
  }
}

function toShownPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

export function toLocations(input: Input): ToolCallItem['locations'] {
  const path = input['file_path'] ?? input['notebook_path'] ?? input['path'];
  if (typeof path !== 'string') return undefined;
  const line = input['offset'];
  return [{ path, ...(typeof line === 'number' && Number.isInteger(line) ? { line } : {}) }];
}
