import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { addTaskAdd } from './task-add.ts';
import { addTaskCancel, addTaskLs, addTaskResult } from './task-watch.ts';

const HELP = `
Examples:
  baton tasks
  baton tasks add "Sum up the log of last week" --title "Log"
  baton tasks result 084sn02q`;

/** Work in the background. Without a word of its own it lists. */
export function addTasks(program: Command, context: Context, run: RunAction): void {
  const tasks = program
    .command('tasks')
    .summary('work in the background: list, add, result, cancel')
    .description('Work in the background, each in a session of its own.')
    .addHelpText('after', HELP);
  addTaskLs(tasks, context, run);
  addTaskAdd(tasks, context, run);
  addTaskResult(tasks, context, run);
  addTaskCancel(tasks, context, run);
}
