import type { ToolOutput, ToolStatus } from '@baton/protocol';
import { FILE_HEADERS_ONLY, createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import { countChanges } from '../agent/count-changes.ts';
import { cutMiddle } from '../agent/cut.ts';
import type { NativeToolPart, ToolState } from './wire.ts';

const MAX_TEXT = 100_000;
const MAX_PATCH = 200_000;
const MAX_IMAGE = 5_000_000;

const changedSchema = z.object({
  diff: z.string().optional(),
  filepath: z.string().optional(),
  exists: z.boolean().optional(),
  filediff: z.object({ file: z.string(), patch: z.string() }).optional().catch(undefined),
  files: z
    .array(z.object({ filePath: z.string(), patch: z.string().optional(), diff: z.string().optional() }))
    .optional()
    .catch(undefined),
});
const shellSchema = z.object({ output: z.string().optional(), exit: z.number().nullish() });
const shownSchema = z.object({ display: z.object({ text: z.string() }) });
const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

/** What a person should see of a finished tool call. `diff` is the change it asked leave for. */
export function toToolOutput({ tool, state }: NativeToolPart, diff: string | undefined): ToolOutput[] {
  const images = (state.attachments ?? []).flatMap(toImage);
  if (tool === 'bash') return [toTerminal(state), ...images];
  if (state.status === 'error') return toText(state.error ?? 'The tool failed');
  const changes = toChanges(tool, state, diff);
  if (changes.length > 0) return changes;
  const shown = shownSchema.safeParse(state.metadata);
  const text = tool === 'task' ? toReport(state.output) : shown.success ? shown.data.display.text : state.output;
  return images.length > 0 && tool === 'read' ? images : [...toText(text ?? ''), ...images];
}

function toTerminal(state: ToolState): ToolOutput {
  const shell = shellSchema.safeParse(state.metadata);
  const text =
    shell.success && shell.data.output !== undefined ? shell.data.output : (state.output ?? state.error ?? '');
  const exitCode = shell.success ? (shell.data.exit ?? null) : null;
  return { type: 'terminal', ...cutMiddle(text, MAX_TEXT), exitCode };
}

function toChanges(tool: string, state: ToolState, asked: string | undefined): ToolOutput[] {
  const changed = changedSchema.safeParse(state.metadata);
  if (!changed.success) return [];
  const { filediff, files = [], diff = asked, exists, filepath = toPath(state.input) } = changed.data;
  if (filediff !== undefined) return [toDiff(filediff.file, filediff.patch)];
  if (files.length > 0) return files.map((file) => toDiff(file.filePath, file.patch ?? file.diff ?? ''));
  if (filepath === undefined) return [];
  if (diff !== undefined) return [toDiff(filepath, diff)];
  return tool === 'write' && exists === false ? toNewFile(filepath, state.input['content']) : [];
}

function toNewFile(path: string, content: unknown): ToolOutput[] {
  if (typeof content !== 'string') return [];
  const options = { headerOptions: FILE_HEADERS_ONLY };
  return [toDiff(path, createTwoFilesPatch('/dev/null', path, '', content, '', '', options))];
}

function toPath(input: Readonly<Record<string, unknown>>): string | undefined {
  const path = input['filePath'];
  return typeof path === 'string' ? path : undefined;
}

const PREAMBLE = /^Index: [^\n]*\n=+\n/;

function toDiff(path: string, patch: string): ToolOutput {
  const plain = patch.replace(PREAMBLE, '');
  return {
    type: 'diff',
    path,
    ...toPatch(plain),
    ...countChanges(plain),
  };
}

function toPatch(patch: string): { patch: string; cut?: number } {
  const { text, cut } = cutMiddle(patch, MAX_PATCH);
  return { patch: text, ...(cut === undefined ? {} : { cut }) };
}

/** What a subagent says to its principal, without the marks around it. */
function toReport(output: string | undefined): string {
  return /<task_result>\n?(.*?)\n?<\/task_result>/s.exec(output ?? '')?.[1] ?? output ?? '';
}

function toImage({ mime, url }: { mime: string; url: string }): ToolOutput[] {
  const [, mediaType, data] = DATA_URL.exec(url) ?? [];
  if (!mime.startsWith('image/') || mediaType === undefined || data === undefined) return [];
  if (data.length <= MAX_IMAGE) return [{ type: 'image', mediaType, data }];
  return [{ type: 'text', text: `[an image of ${Math.round((data.length * 3) / 4 / 1024)} KB was left out]` }];
}

function toText(text: string): ToolOutput[] {
  return text === '' ? [] : [{ type: 'text', ...cutMiddle(text, MAX_TEXT) }];
}

const DENIED = /^(The user rejected permission|The user has specified a rule|The user dismissed)/;
const ABORTED = /Tool execution aborted|User aborted the command/;

export function toToolStatus({ tool, state }: NativeToolPart): ToolStatus {
  if (state.status === 'error') return toErrorStatus(state.error ?? '');
  if (tool === 'invalid') return 'failed';
  return tool === 'bash' ? toShellStatus(state) : 'completed';
}

function toErrorStatus(error: string): ToolStatus {
  if (DENIED.test(error)) return 'denied';
  return ABORTED.test(error) ? 'interrupted' : 'failed';
}

function toShellStatus(state: ToolState): ToolStatus {
  if (ABORTED.test(state.output ?? '')) return 'interrupted';
  const shell = shellSchema.safeParse(state.metadata);
  return shell.success && (shell.data.exit ?? 0) !== 0 ? 'failed' : 'completed';
}
