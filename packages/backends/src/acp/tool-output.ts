import type { ToolOutput } from '@baton/protocol';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import { cutMiddle } from '../agent/cut.ts';
import type { OpenTool } from './state.ts';
import { toBlockText } from './text.ts';
import { toFields } from './tool-name.ts';
import type { ToolContent } from './wire.ts';

const MAX_TEXT = 100_000;
const MAX_PATCH = 200_000;
const MAX_IMAGE = 5_000_000;
// Two long texts with nothing in common take minutes to compare.
const DIFF_MS = 500;

/** What a person should see of a finished call. */
export function toToolOutput(tool: OpenTool): ToolOutput[] {
  const rich = tool.content.flatMap((content) => toDiffOrImage(content));
  const printed = tool.item.kind === 'execute' ? toPrinted(tool.rawOutput) : undefined;
  const text = printed ?? (toContentText(tool.content) || (rich.length === 0 ? toRawText(tool.rawOutput) : ''));
  if (tool.item.kind !== 'execute') return [...rich, ...(text === '' ? [] : [toText(text)])];
  return [...rich, ...toTerminal(tool, text)];
}

/** The changes a call is about to make, as far as the agent told them before. */
export function toPreview(content: readonly ToolContent[]): ToolOutput[] {
  return content.filter(({ type }) => type === 'diff').flatMap((diff) => toDiffOrImage(diff));
}

/** The text of a call's content; what it prints, while it runs. */
export function toContentText(content: readonly ToolContent[]): string {
  const texts = content.map((each) => {
    const isMedia = each.content?.type === 'image';
    return each.content == null || isMedia ? '' : toBlockText(each.content);
  });
  return withoutFence(texts.filter((text) => text !== '').join('\n'));
}

// Words of the agents, not of the command.
const NOTHING = /^\((?:Bash completed with )?no output\)$/;
const COPILOT_END = /\n?<shellId: \S+ completed with exit code (-?\d+)>\s*$/;

function toTerminal(tool: OpenTool, text: string): ToolOutput[] {
  const end = COPILOT_END.exec(text);
  const told = NOTHING.test(text) ? '' : text.replace(COPILOT_END, '');
  const printed = tool.live.length > told.length ? tool.live.replace(COPILOT_END, '') : told;
  const exitCode = tool.exitCode ?? (end === null ? toExitCode(tool.rawOutput) : Number(end[1])) ?? tool.exitCode;
  if (printed === '' && exitCode === undefined) return [];
  const code = exitCode === undefined ? {} : { exitCode };
  return [{ type: 'terminal', ...cutMiddle(printed.replace(/\n$/, ''), MAX_TEXT), ...code }];
}

function toText(text: string): ToolOutput {
  return { type: 'text', ...cutMiddle(text, MAX_TEXT) };
}

// Claude's agent wraps what a command printed for editors that show Markdown.
function withoutFence(text: string): string {
  return /^```[a-z]*\n([\s\S]*?)\n?```$/.exec(text.trim())?.[1] ?? text;
}

function toDiffOrImage({ type, path, oldText, newText, content, isPart }: ToolContent): ToolOutput[] {
  if (type === 'diff' && path != null)
    return [toDiff(path, { before: oldText ?? '', after: newText ?? '', isPart: isPart === true })];
  if (content?.type !== 'image' || content.data == null) return [];
  if (content.data.length <= MAX_IMAGE)
    return [{ type: 'image', mediaType: content.mimeType ?? 'image/png', data: content.data }];
  return [{ type: 'text', text: `[an image of ${Math.round((content.data.length * 3) / 4 / 1024)} KB was left out]` }];
}

interface TextChange {
  before: string;
  after: string;
  /** The texts need not be all of the file. */
  isPart: boolean;
}

function toDiff(path: string, { before, after, isPart }: TextChange): ToolOutput {
  const from = before === '' && !isPart ? '/dev/null' : path;
  const to = after === '' && before !== '' && !isPart ? '/dev/null' : path;
  const found = structuredPatch(from, to, before, after, undefined, undefined, { context: 3, timeout: DIFF_MS });
  const hunks = found?.hunks ?? [toReplacement(before, after)];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const names = { oldFileName: from, newFileName: to, oldHeader: undefined, newHeader: undefined };
  const patch = hunks.length === 0 ? '' : formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY);
  return {
    type: 'diff',
    path,
    ...toPatch(cutMiddle(patch, MAX_PATCH)),
    added: lines.filter((line) => line.startsWith('+')).length,
    removed: lines.filter((line) => line.startsWith('-')).length,
  };
}

const toPatch = ({ text, cut }: { text: string; cut?: number }) => ({
  patch: text,
  ...(cut === undefined ? {} : { cut }),
});

function toReplacement(before: string, after: string) {
  const removed = toLines(before);
  const added = toLines(after);
  return {
    oldStart: 1,
    oldLines: removed.length,
    newStart: 1,
    newLines: added.length,
    lines: [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)],
  };
}

const toLines = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

// What a command printed, told apart from how it ended. Beside it there may be a report of both, which is for a model.
function toPrinted(raw: unknown): string | undefined {
  const { output, exitCode } = toFields(raw);
  return typeof output === 'string' && typeof exitCode === 'number' ? output : undefined;
}

// No agent agrees with another on the form of a raw result.
function toRawText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  const { output, content, stdout, message, error } = toFields(raw);
  const found = [output, content, stdout, message, error].find((each) => typeof each === 'string');
  return typeof found === 'string' ? found : '';
}

function toExitCode(raw: unknown): number | null | undefined {
  const fields = toFields(raw);
  const codes = [fields['exitCode'], fields['exit_code'], toFields(fields['metadata'])['exit']];
  const code = codes.find((each) => typeof each === 'number' && Number.isInteger(each));
  return typeof code === 'number' ? code : undefined;
}
