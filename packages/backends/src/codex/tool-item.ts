import type { ToolOutput, ToolStatus } from '@baton/protocol';
import { z } from 'zod';
import { cutMiddle, cutStrings } from '../agent/cut.ts';
import { toCommandText, toTitle } from './command-text.ts';
import { toChangeKind, toChangeTitle, toDiffs, toShownPath } from './file-change.ts';
import type { ToolUse } from './tool-call.ts';
import type { ForeignItem } from './wire.ts';

const MAX_TEXT = 100_000;
const MAX_IMAGE = 5_000_000;

type ItemOf<T extends ForeignItem['type']> = Extract<ForeignItem, { type: T }>;
/** Items that are shown as a tool call by themselves; subagents are kept in `agent.ts`. */
export type ToolItem = ItemOf<
  | 'commandExecution'
  | 'fileChange'
  | 'mcpToolCall'
  | 'dynamicToolCall'
  | 'webSearch'
  | 'imageView'
  | 'imageGeneration'
  | 'sleep'
>;

/** What a person sees of a call before it is done. */
export function toShownItem(item: ToolItem, cwd: string): ToolUse['item'] {
  switch (item.type) {
    case 'commandExecution': {
      const command = toCommandText(item.command);
      const input = { command: cutStrings(command), ...(item.cwd == null ? {} : { cwd: item.cwd }) };
      return { tool: 'exec_command', title: toTitle(command), kind: 'execute', input };
    }
    case 'fileChange': {
      const locations = item.changes.map(({ path }) => ({ path }));
      const title = toTitle(toChangeTitle(item.changes, cwd));
      const input = { files: locations.map(({ path }) => path) };
      return { tool: 'apply_patch', title, kind: toChangeKind(item.changes), input, locations };
    }
    case 'mcpToolCall':
      return {
        tool: `mcp__${item.server}__${item.tool}`,
        title: `${item.tool} (${item.server})`,
        kind: 'mcp',
        input: cutStrings(item.arguments ?? {}),
      };
    default:
      return toSmallItem(item, cwd);
  }
}

function toSmallItem(
  item: Exclude<ToolItem, { type: 'commandExecution' | 'fileChange' | 'mcpToolCall' }>,
  cwd: string,
): ToolUse['item'] {
  switch (item.type) {
    case 'dynamicToolCall':
      return { tool: item.tool, title: item.tool, kind: 'other', input: cutStrings(item.arguments ?? {}) };
    case 'webSearch':
      return {
        tool: 'web_search',
        title: toTitle(`Search the web: ${item.query}`),
        kind: 'fetch',
        input: { query: item.query },
      };
    case 'imageView':
      return {
        tool: 'view_image',
        title: `Look at ${toShownPath(item.path, cwd)}`,
        kind: 'read',
        input: { path: item.path },
        locations: [{ path: item.path }],
      };
    case 'imageGeneration':
      return {
        tool: 'image_generation',
        title: 'Make an image',
        kind: 'other',
        input: { prompt: item.revisedPrompt ?? '' },
      };
    case 'sleep':
      return { tool: 'sleep', title: 'Wait', kind: 'other', input: {} };
  }
}

const STATUSES: Readonly<Record<string, ToolStatus>> = {
  declined: 'denied',
  failed: 'failed',
  interrupted: 'interrupted',
};

export function toToolStatus(item: ToolItem): ToolStatus {
  const status = 'status' in item ? item.status : 'completed';
  return STATUSES[status] ?? 'completed';
}

/** What came of a call; nothing where nothing is known but what it printed live. */
export function toToolOutput(item: ToolItem): ToolOutput[] {
  switch (item.type) {
    case 'commandExecution':
      return toTerminal(item);
    case 'fileChange':
      return toDiffs(item.changes);
    case 'mcpToolCall':
      return item.error == null ? toContent(item.result?.content ?? []) : toTextOutput(item.error.message);
    case 'dynamicToolCall':
      return toContent(item.contentItems ?? []);
    case 'imageGeneration':
      return item.result == null || item.result === '' ? [] : [toImage('image/png', item.result)];
    default:
      return [];
  }
}

function toTerminal({ aggregatedOutput, exitCode, status }: ItemOf<'commandExecution'>): ToolOutput[] {
  if (status === 'declined' || (aggregatedOutput == null && exitCode == null)) return [];
  return [{ type: 'terminal', ...cutMiddle(aggregatedOutput ?? '', MAX_TEXT), exitCode: exitCode ?? null }];
}

const textSchema = z.object({ text: z.string() });
const imageSchema = z.object({ type: z.literal('image'), data: z.string(), mimeType: z.string() });

function toContent(blocks: readonly unknown[]): ToolOutput[] {
  return blocks.flatMap((block) => {
    const image = imageSchema.safeParse(block);
    if (image.success) return [toImage(image.data.mimeType, image.data.data)];
    const text = textSchema.safeParse(block);
    return toTextOutput(text.success ? text.data.text : JSON.stringify(block));
  });
}

function toTextOutput(text: string): ToolOutput[] {
  return text === '' ? [] : [{ type: 'text', ...cutMiddle(text, MAX_TEXT) }];
}

function toImage(mediaType: string, data: string): ToolOutput {
  if (data.length <= MAX_IMAGE) return { type: 'image', mediaType, data };
  return { type: 'text', text: `[an image of ${Math.round((data.length * 3) / 4 / 1024)} KB was left out]` };
}
