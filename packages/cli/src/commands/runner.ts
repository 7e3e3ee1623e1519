import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';

/** For `baton serve` alone, which starts it: hidden from the help. */
export function addRunner(program: Command, _context: Context, run: RunAction): void {
  program
    .command('runner', { hidden: true })
    .description('Holds the agents of a server; "baton serve" starts it.')
    .action(() =>
      run(async () => {
        process.title = 'baton-runner';
        const { runRunner } = await import('@baton/server');
        await runRunner();
        return EXIT.done;
      }),
    );
}
