import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { AppError } from '@baton/protocol';
import type { Command } from 'commander';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { runSteps } from '../service/run-steps.ts';
import type { ServiceFacts } from '../service/service-facts.ts';
import type { Supervisor } from '../service/find-supervisor.ts';

interface ServiceFlags {
  data?: string;
  print?: boolean;
}

const HELP = `
Linux: a systemd user unit. macOS: a launchd agent. Windows: notes for the task scheduler.

A server that crashes is started again and takes up its agents, which worked on. To restart it and leave them at work:
"baton restart" (or "systemctl --user reload baton"). To stop both: "systemctl --user stop baton".

Examples:
  baton service install --print   what would be installed, and nothing else
  baton service install
  baton service status`;

export function addService(program: Command, context: Context, run: RunAction): void {
  const service = program
    .command('service')
    .summary('keep the server running in the background')
    .description('Has the system start the server, and start it again when it fails.')
    .addHelpText('after', HELP);
  const withData = (name: string, summary: string) =>
    service.command(name).description(summary).option('--data <folder>', 'data folder (BATON_DATA)');
  withData('install', 'Installs the service and starts it.')
    .option('--print', 'print what would be installed, and change nothing')
    .action((flags: ServiceFlags) => run(() => install(context, flags)));
  withData('status', 'Says how the service does.').action((flags: ServiceFlags) => run(() => tell(context, flags)));
  withData('remove', 'Stops the service and removes it; the data stays.').action((flags: ServiceFlags) =>
    run(() => remove(context, flags)),
  );
}

async function install(context: Context, flags: ServiceFlags): Promise<number> {
  const { terminal } = context;
  const facts = await readFacts(context, flags);
  const manager = await findSupervisor(context, facts);
  if (manager === undefined) {
    const { toWindowsNotes } = await import('../service/to-windows-notes.ts');
    terminal.out(toWindowsNotes(facts));
    return flags.print === true ? EXIT.done : EXIT.failed;
  }
  if (flags.print === true) {
    terminal.out(manager.text);
    return EXIT.done;
  }
  await requireSupervisor();
  await mkdir(dirname(manager.path), { recursive: true });
  await writeFile(manager.path, manager.text);
  await runSteps(manager.install, context.env);
  terminal.out(`Installed ${manager.path} and started it. ${manager.hint}\n"baton open" prints the link to sign in\n`);
  return EXIT.done;
}

async function tell(context: Context, flags: ServiceFlags): Promise<number> {
  const manager = await findInstalled(context, flags);
  if (manager === undefined) {
    context.terminal.out('Not installed; "baton service install" does it\n');
    return EXIT.failed;
  }
  await requireSupervisor();
  context.terminal.out(await runSteps([manager.status], context.env));
  return EXIT.done;
}

async function remove(context: Context, flags: ServiceFlags): Promise<number> {
  const manager = await findInstalled(context, flags);
  if (manager === undefined) {
    context.terminal.out('Nothing to remove: it is not installed\n');
    return EXIT.done;
  }
  await requireSupervisor();
  await runSteps(manager.remove, context.env);
  await rm(manager.path);
  await runSteps(manager.afterRemove, context.env);
  context.terminal.out(`Stopped it and removed ${manager.path}; the data stays\n`);
  return EXIT.done;
}

async function findInstalled(context: Context, flags: ServiceFlags): Promise<Supervisor | undefined> {
  const manager = await findSupervisor(context, await readFacts(context, flags));
  return manager !== undefined && existsSync(manager.path) ? manager : undefined;
}

async function findSupervisor(context: Context, facts: ServiceFacts): Promise<Supervisor | undefined> {
  const services = await import('../service/find-supervisor.ts');
  const configHome = context.env['XDG_CONFIG_HOME'] || join(facts.home, '.config');
  return services.findSupervisor({ platform: process.platform, facts, configHome });
}

async function requireSupervisor(): Promise<void> {
  const { findObstacle } = await import('../service/find-supervisor.ts');
  const obstacle = findObstacle(process.platform);
  if (obstacle !== undefined) throw new AppError('invalid-input', `Cannot use the service manager: ${obstacle}`);
}

async function readFacts(context: Context, flags: ServiceFlags): Promise<ServiceFacts> {
  const { readDataDir } = await import('../server/find-server.ts');
  const { homedir } = await import('node:os');
  const { env } = context;
  const path = env['PATH'] ?? '';
  return {
    node: process.execPath,
    program: process.argv[1] ?? '',
    dataDir: readDataDir(context, flags),
    path,
    home: env['HOME'] || homedir(),
    canNotify: path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'systemd-notify'))),
  };
}
