import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import type { ScopedPath } from './path-scope.ts';
import { failed, said, type ToolOutcome } from './tool.ts';

const MAX_ENTRIES = 500;
const CLOSED = new Set(['.git', 'node_modules']);

export const listFolderTool = defineTool({
  name: 'list',
  description: 'Lists a folder, folders with a slash at the end. `depth` 2 or more shows what is inside them as well.',
  kind: 'read',
  input: z.object({
    path: z.string().optional().describe('Default: the session folder'),
    depth: z.int().min(1).max(5).optional(),
  }),
  prepare: async (input, scope) => {
    const target = await scope.resolve(input.path ?? '.');
    return {
      title: `List ${target.shown}`,
      need: target.isOutside ? { type: 'read', outside: target.real } : { type: 'nothing' },
      locations: [{ path: target.real }],
      run: () => list(target, input.depth ?? 1),
    };
  },
});

async function list(target: ScopedPath, depth: number): Promise<ToolOutcome> {
  const found = await stat(target.real).catch(() => undefined);
  if (found?.isDirectory() !== true) return failed(`There is no folder ${target.shown}.`);
  const lines: string[] = [];
  await collect(target.real, { prefix: '', depth, lines });
  if (lines.length === 0) return said('The folder is empty.');
  const rest = lines.length > MAX_ENTRIES ? [`[${lines.length - MAX_ENTRIES} or more entries are left out]`] : [];
  return said([...lines.slice(0, MAX_ENTRIES), ...rest].join('\n'));
}

async function collect(folder: string, into: { prefix: string; depth: number; lines: string[] }): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => one.name.localeCompare(other.name))) {
    if (into.lines.length > MAX_ENTRIES * 2) return;
    const isFolder = entry.isDirectory();
    into.lines.push(`${into.prefix}${entry.name}${isFolder ? '/' : ''}`);
    // Links are not followed: they may lead out of the folder, or in a circle.
    if (!isFolder || into.depth <= 1 || CLOSED.has(entry.name)) continue;
    await collect(path.join(folder, entry.name), {
      ...into,
      prefix: `${into.prefix}${entry.name}/`,
      depth: into.depth - 1,
    });
  }
}
