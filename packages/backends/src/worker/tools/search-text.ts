import { execFile } from 'node:child_process';
import { z } from 'zod';
import { cutMiddle, withCut } from './cut-text.ts';
import { defineTool } from './define-tool.ts';
import type { ScopedPath } from './path-scope.ts';
import { failed, said, type ToolContext, type ToolOutcome } from './tool.ts';

const MAX_CHARS = 20_000;
const TIMEOUT_MS = 20_000;

export const searchTextTool = defineTool({
  name: 'search',
  description:
    'Finds lines that match an extended regular expression, as path:line:text. Skips binary files, .git and node_modules.',
  kind: 'search',
  input: z.object({
    pattern: z.string().min(1).max(2000),
    path: z.string().optional().describe('A folder or file; default: the session folder'),
    glob: z.string().optional().describe('Only files of this name, such as *.ts'),
    ignoreCase: z.boolean().optional(),
  }),
  prepare: async (input, scope) => {
    const target = await scope.resolve(input.path ?? '.');
    return {
      title: `Search "${input.pattern}"${input.path === undefined ? '' : ` in ${target.shown}`}`,
      need: target.isOutside ? { type: 'read', outside: target.real } : { type: 'nothing' },
      locations: [{ path: target.real }],
      run: (context) => search(target, input, context),
    };
  },
});

interface Query {
  pattern: string;
  glob?: string | undefined;
  ignoreCase?: boolean | undefined;
}

// grep does the matching in a process of its own: a hostile pattern cannot hold up the server.
async function search(target: ScopedPath, query: Query, { scope, signal }: ToolContext): Promise<ToolOutcome> {
  const args = [
    '-rnIE',
    '--exclude-dir=node_modules',
    '--exclude-dir=.git',
    ...(query.glob === undefined ? [] : [`--include=${query.glob}`]),
    ...(query.ignoreCase === true ? ['-i'] : []),
    '-m',
    '200',
    '-e',
    query.pattern,
    '--',
    target.isOutside ? target.real : target.shown,
  ];
  const { code, text, problem } = await grep(args, scope.root, signal);
  if (code === 1 && text === '') return said('Nothing was found.');
  if (text === '' && problem !== '') return failed(problem);
  const cut = cutMiddle(text.trimEnd(), MAX_CHARS);
  return {
    status: 'completed',
    output: [{ type: 'text', text: cut.text.replace(/^\.\//gm, ''), ...withCut(cut.cut) }],
  };
}

interface Grep {
  code: number;
  text: string;
  problem: string;
}

function grep(args: string[], cwd: string, signal: AbortSignal): Promise<Grep> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      signal,
      timeout: TIMEOUT_MS,
      maxBuffer: 4_000_000,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    };
    execFile('grep', args, options, (error, text, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 2;
      resolve({ code, text, problem: toProblem(error, errors) });
    });
  });
}

function toProblem(
  error: (Error & { code?: string | number | null; killed?: boolean }) | null,
  errors: string,
): string {
  if (error === null || error.code === 1) return '';
  if (error.code === 'ENOENT') return 'Search needs the program grep, which is not on this machine.';
  if (error.killed === true) return `The search took longer than ${TIMEOUT_MS / 1000} s; narrow it to a folder.`;
  return errors.trim() === '' ? 'The search failed.' : errors.trim().slice(0, 500);
}
