#!/usr/bin/env node
// First, before anything is loaded that takes time.
import './server/early-signals.ts';
import { COMMANDS } from './commands.ts';
import { finishOutput, survivePipes } from './pipes.ts';
import { runCli } from './run-cli.ts';
import { createTerminal } from './terminal.ts';

survivePipes();
const code = await runCli(COMMANDS, process.argv.slice(2), {
  terminal: createTerminal(process.env),
  env: process.env,
  cwd: process.cwd(),
  now: () => Date.now(),
});
await finishOutput();
// Not by emptying the event loop: a forced stop must not wait for what it left behind.
process.exit(code);
