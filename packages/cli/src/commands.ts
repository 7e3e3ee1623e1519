import { addApprove, addDeny } from './commands/answer.ts';
import { addAttach } from './commands/attach.ts';
import { addBackup, addRestore } from './commands/backup.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLs } from './commands/ls.ts';
import { addOpen } from './commands/open.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import type { AddCommand } from './run-cli.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AddCommand[] = [
  addServe,
  addRun,
  addLs,
  addAttach,
  addApprove,
  addDeny,
  addOpen,
  addDoctor,
  addBackup,
  addRestore,
  addRehearse,
];
