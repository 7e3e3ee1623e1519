import { addAgents } from './commands/agents.ts';
import { addApprove, addDeny } from './commands/answer.ts';
import { addAttach } from './commands/attach.ts';
import { addBackup, addRestore } from './commands/backup.ts';
import { addCheckpoints } from './commands/checkpoints.ts';
import { addClean } from './commands/clean.ts';
import { addDoctor } from './commands/doctor.ts';
import { addFork } from './commands/fork.ts';
import { addHistory } from './commands/history.ts';
import { addJoin } from './commands/join.ts';
import { addLs } from './commands/ls.ts';
import { addOpen } from './commands/open.ts';
import { addRehearse } from './commands/rehearse.ts';
import { addRestart } from './commands/restart.ts';
import { addRun } from './commands/run.ts';
import { addRunner } from './commands/runner.ts';
import { addSearch } from './commands/search.ts';
import { addServe } from './commands/serve.ts';
import { addService } from './commands/service.ts';
import { addSteer } from './commands/steer.ts';
import { addTasks } from './commands/tasks.ts';
import type { AddCommand } from './run-cli.ts';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AddCommand[] = [
  addServe,
  addRestart,
  addRun,
  addLs,
  addHistory,
  addSearch,
  addAttach,
  addJoin,
  addApprove,
  addDeny,
  addSteer,
  addFork,
  addCheckpoints,
  addTasks,
  addAgents,
  addOpen,
  addDoctor,
  addBackup,
  addRestore,
  addClean,
  addService,
  addRehearse,
  addRunner,
];
