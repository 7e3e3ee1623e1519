import { type ToolOutput } from '@baton/protocol';
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff';
import { z } from 'zod';
import { cutMiddle } from '../agent/cut.ts';

const MAX_TEXT = 100_000;
const MAX_PATCH = 200_000;
const MAX_IMAGE = 5_000_000;

const shellSchema = z.object({
  stdout: z.string(),
  stderr: z.string().default(''),
  backgroundTaskId: z.string().optional(),
});
const editSchema = z.object({
  filePath: z.string(),
  originalFile: z.string().nullish(),
  content: z.string().optional(),
  structuredPatch: z.array(
    z.object({
      oldStart: z.number(),
      oldLines: z.number(),
      newStart: z.number(),
      newLines: z.number(),
      lines: z.array(z.string()),
    }),
  ),
});
const readSchema = z.object({ file: z.object({ content: z.string() }) });
const imageFileSchema = z.object({
  type: z.literal('image'),
  file: z.object({ base64: z.string(), type: z.string() }),
});
const agentSchema = z.object({ status: z.literal('completed'), content: z.array(z.object({ text: z.string() })) });
const launchedSchema = z.object({ status: z.literal('async_launched') });
const imageBlockSchema = z.object({
  type: z.literal('image'),
  source: z.object({ media_type: z.string(), data: z.string() }),
});
const textBlockSchema = z.object({ type: z.literal('text'), text: z.string() });

export interface ToolResult {
  tool: string;
  /** What the model sees. */
  content: unknown;
  /** What the CLI's own interface sees; richer, and absent for subagents' tools. */
  detail: unknown;
  isError: boolean;
}

/** What a person should see of a finished tool call. */
export function toToolOutput(result: ToolResult): ToolOutput[] {
  if (result.tool === 'Bash') return [toTerminal(result)];
  return toEdit(result) ?? toFile(result) ?? toAgentReport(result) ?? toBlocks(result.content);
}

function toTerminal({ content, detail, isError }: ToolResult): ToolOutput {
  const shell = shellSchema.safeParse(detail);
  if (shell.success && shell.data.backgroundTaskId === undefined) {
    const { stdout, stderr } = shell.data;
    const joined = stdout !== '' && stderr !== '' ? `${stdout}\n${stderr}` : stdout + stderr;
    return { type: 'terminal', ...cutMiddle(joined, MAX_TEXT), exitCode: 0 };
  }
  const text = toText(content);
  const failed = /^(?:Error: )?Exit code (\d+)\n?/.exec(text);
  const rest = failed === null ? text : text.slice(failed[0].length);
  const code = failed === null ? (isError || shell.success ? null : 0) : Number(failed[1]);
  return { type: 'terminal', ...cutMiddle(rest, MAX_TEXT), exitCode: code };
}

function toEdit({ detail }: ToolResult): ToolOutput[] | undefined {
  const edit = editSchema.safeParse(detail);
  if (!edit.success) return undefined;
  const { filePath, originalFile, content } = edit.data;
  const hunks =
    edit.data.structuredPatch.length > 0 || content === undefined
      ? edit.data.structuredPatch
      : structuredPatch(filePath, filePath, originalFile ?? '', content).hunks;
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const oldFileName = originalFile == null && content !== undefined ? '/dev/null' : filePath;
  const names = { oldFileName, newFileName: filePath, oldHeader: undefined, newHeader: undefined };
  const patch = hunks.length === 0 ? '' : formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY);
  const { text, cut } = cutMiddle(patch, MAX_PATCH);
  return [
    {
      type: 'diff',
      path: filePath,
      patch: text,
      added: lines.filter((line) => line.startsWith('+')).length,
      removed: lines.filter((line) => line.startsWith('-')).length,
      ...(cut === undefined ? {} : { cut }),
    },
  ];
}

function toFile({ detail }: ToolResult): ToolOutput[] | undefined {
  const image = imageFileSchema.safeParse(detail);
  if (image.success) return [toImage(image.data.file.type, image.data.file.base64)];
  const file = readSchema.safeParse(detail);
  return file.success ? [{ type: 'text', ...cutMiddle(file.data.file.content, MAX_TEXT) }] : undefined;
}

function toAgentReport({ detail }: ToolResult): ToolOutput[] | undefined {
  if (launchedSchema.safeParse(detail).success) return [{ type: 'text', text: 'Works on in the background.' }];
  const report = agentSchema.safeParse(detail);
  if (!report.success) return undefined;
  // Notes of the CLI to the model, which newer versions put before the report.
  const texts = report.data.content
    .map((block) => block.text)
    .filter((text) => !text.startsWith('<tools-used-before-summary>'));
  return [{ type: 'text', ...cutMiddle(texts.join('\n'), MAX_TEXT) }];
}

function toBlocks(content: unknown): ToolOutput[] {
  if (!Array.isArray(content)) return toTextOutput(toText(content));
  return content.flatMap((block): ToolOutput[] => {
    const image = imageBlockSchema.safeParse(block);
    if (image.success) return [toImage(image.data.source.media_type, image.data.source.data)];
    return toTextOutput(toText([block]));
  });
}

function toTextOutput(text: string): ToolOutput[] {
  return text === '' ? [] : [{ type: 'text', ...cutMiddle(text, MAX_TEXT) }];
}

function toImage(mediaType: string, data: string): ToolOutput {
  if (data.length <= MAX_IMAGE) return { type: 'image', mediaType, data };
  return { type: 'text', text: `[an image of ${Math.round((data.length * 3) / 4 / 1024)} KB was left out]` };
}

/** The text of a tool result's content, whichever of its shapes it has. */
export function toText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((block) => textBlockSchema.safeParse(block))
    .flatMap((block) => (block.success ? [block.data.text] : []))
    .join('\n');
}
