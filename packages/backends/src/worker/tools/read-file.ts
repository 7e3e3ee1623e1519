import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { openRegular } from '../../agent/open-regular.ts';
import { withCut } from './cut-text.ts';
import { defineTool } from './define-tool.ts';
import type { ScopedPath } from './path-scope.ts';
import { failed, type ToolOutcome } from './tool.ts';

const MAX_CHARS = 100_000;
const MAX_BYTES = 10_000_000;
const MAX_IMAGE_BYTES = 5_000_000;
const DEFAULT_LINES = 2000;

const IMAGES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
};

export const readFileTool = defineTool({
  name: 'read',
  description: `Reads a text file, or shows an image. At most ${DEFAULT_LINES} lines at once; use offset and limit for more.`,
  kind: 'read',
  input: z.object({
    path: z.string().min(1).describe('Absolute, or relative to the session folder'),
    offset: z.int().min(1).optional().describe('The first line to read, counted from 1'),
    limit: z.int().min(1).optional().describe('How many lines'),
  }),
  prepare: async (input, scope) => {
    const target = await scope.resolve(input.path);
    return {
      title: `Read ${target.shown}`,
      need: target.isOutside ? { type: 'read', outside: target.real } : { type: 'nothing' },
      locations: [{ path: target.real, ...(input.offset === undefined ? {} : { line: input.offset }) }],
      run: () => readTarget(target, input),
    };
  },
});

interface Range {
  offset?: number | undefined;
  limit?: number | undefined;
}

async function readTarget(target: ScopedPath, range: Range): Promise<ToolOutcome> {
  const found = await stat(target.real).catch(() => undefined);
  if (found === undefined) return failed(`There is no file ${target.shown}.`);
  if (found.isDirectory()) return failed(`${target.shown} is a folder; use list.`);
  if (!found.isFile()) return failed(`${target.shown} is not a regular file.`);
  const mediaType = IMAGES[path.extname(target.real).toLowerCase()];
  if (mediaType !== undefined && found.size <= MAX_IMAGE_BYTES) return readImage(target, mediaType);
  const bytes = await readHead(target.real);
  if (bytes.subarray(0, 8000).includes(0)) return failed(`${target.shown} is a binary file of ${found.size} bytes.`);
  return toOutcome(bytes.toString('utf8'), range, Math.max(0, found.size - bytes.length));
}

async function readImage(target: ScopedPath, mediaType: string): Promise<ToolOutcome> {
  const data = (await readHead(target.real)).toString('base64');
  return { status: 'completed', output: [{ type: 'image', mediaType, data }] };
}

/** The first ten megabytes of a file. */
export async function readHead(file: string): Promise<Buffer> {
  await using handle = await openRegular(file, constants.O_RDONLY);
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, MAX_BYTES));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return buffer.subarray(0, bytesRead);
}

function toOutcome(text: string, { offset = 1, limit = DEFAULT_LINES }: Range, unread: number): ToolOutcome {
  const lines = text.split('\n');
  const chosen = lines.slice(offset - 1, offset - 1 + limit);
  if (chosen.length === 0) return failed(`The file has ${lines.length} lines.`);
  const whole = chosen.join('\n');
  const shown = whole.slice(0, MAX_CHARS);
  const isAll = offset === 1 && chosen.length === lines.length;
  const note = isAll ? '' : `\n[lines ${offset} to ${offset + chosen.length - 1} of ${lines.length}]`;
  return {
    status: 'completed',
    output: [{ type: 'text', text: shown + note, ...withCut(whole.length - shown.length + unread) }],
  };
}
