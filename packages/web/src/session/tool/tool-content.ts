import type { ToolCallItem } from '@baton/protocol';
import { toText } from './tool-line.ts';

/** Whether opening a call shows anything that its line does not. */
export function hasToolBody(call: ToolCallItem, liveOutput: string | undefined): boolean {
  if ((liveOutput ?? '') !== '' || (call.output ?? []).some(isWorthShowing)) return true;
  return toDetail(call) !== undefined;
}

function isWorthShowing(part: NonNullable<ToolCallItem['output']>[number]): boolean {
  return part.type === 'text' || part.type === 'terminal' ? part.text.trim() !== '' : true;
}

/** What of the input the line could not hold. */
export type ToolDetail =
  | { readonly type: 'command'; readonly text: string }
  | { readonly type: 'markdown'; readonly text: string }
  | { readonly type: 'json'; readonly text: string };

export function toDetail(call: ToolCallItem): ToolDetail | undefined {
  switch (call.kind) {
    case 'execute': {
      const text = toText(call.input, 'command') ?? call.title;
      return { type: 'command', text };
    }
    case 'think': {
      const plan = toText(call.input, 'plan');
      return plan === undefined ? undefined : { type: 'markdown', text: plan };
    }
    case 'subagent': {
      const prompt = toText(call.input, 'prompt');
      return prompt === undefined ? undefined : { type: 'markdown', text: prompt };
    }
    case 'mcp':
    case 'other':
      return isEmptyInput(call.input) ? undefined : { type: 'json', text: JSON.stringify(call.input, null, 2) };
    default:
      return undefined;
  }
}

function isEmptyInput(input: unknown): boolean {
  return input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0);
}

export interface NumberedText {
  readonly text: string;
  /** Number of the first line, when the agent's tool printed numbers. */
  readonly firstLine: number;
}

const NUMBERED = /^ {0,8}(\d{1,7})(?:\u2192|\t)(.*)$/s;

/** A file as a tool printed it, without the line numbers it put in front; undefined when it put none. */
export function toNumberedText(output: string): NumberedText | undefined {
  const lines = output.replace(/\n$/, '').split('\n');
  const matches = lines.map((line) => NUMBERED.exec(line));
  const first = Number(matches[0]?.[1]);
  const isNumbered = matches.every((match, index) => match !== null && Number(match[1]) === first + index);
  if (!isNumbered) return undefined;
  return { text: matches.map((match) => match?.[2] ?? '').join('\n'), firstLine: first };
}
