import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '@baton/protocol';
import type { Step } from './find-supervisor.ts';

/** Runs the commands in order; throws `internal` with what the one that failed said. */
export async function runSteps(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<string> {
  let output = '';
  for (const [program, ...args] of steps) {
    try {
      output = (await promisify(execFile)(program, args, { env })).stdout;
    } catch (cause) {
      const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : '';
      const why = said === '' ? (cause instanceof Error ? cause.message : String(cause)) : said;
      throw new AppError('internal', `"${[program, ...args].join(' ')}" failed: ${why}`, {}, { cause });
    }
  }
  return output;
}
