import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toAppError } from '@baton/protocol';
import type { BundleParts } from '../bundle/collect-bundle.ts';
import type { Context, RunAction } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-code.ts';
import type { Paint } from '../render/paint.ts';
import { toPlainLine } from '../render/plain-text.ts';
import { addServerFlags } from '../server/server-flags.ts';
import type { ServerFlags } from '../server/find-server.ts';

interface DoctorFlags extends ServerFlags {
  json?: boolean;
  deep?: boolean;
  bundle?: string;
}

const HELP = `
Works with and without a running server. The exit code is 1 when something must be mended.

Examples:
  baton doctor
  baton doctor --deep
  baton doctor --deep --bundle baton-report.tar.gz
  baton doctor --json | jq '.[] | select(.status != "good")'`;

export function addDoctor(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('doctor')
    .summary('check everything Baton needs, and say how to mend it')
    .description('Checks everything Baton needs, and says how to mend what is wrong.')
    .option('--deep', 'read all that is kept too: damage, gaps, broken logs, leftovers')
    .option('--bundle <file>', 'write all this into a new .tar.gz to pass on, without anything private')
    .option('--json', 'print the findings as one JSON list')
    .addHelpText('after', HELP);
  addServerFlags(command).action((flags: DoctorFlags) => run(() => examine(context, flags)));
}

async function examine(context: Context, flags: DoctorFlags): Promise<number> {
  const { terminal } = context;
  const { findings, ...found } = await collect(context, flags);
  if (flags.json === true) terminal.out(`${JSON.stringify(findings, undefined, 2)}\n`);
  else for (const finding of findings) terminal.out(`${toLines(finding, terminal.outPaint).join('\n')}\n`);
  if (flags.bundle !== undefined) await bundle(context, flags.bundle, { ...found, findings, now: context.now() });
  return findings.some(({ status }) => status === 'bad') ? EXIT.failed : EXIT.done;
}

async function bundle(context: Context, file: string, parts: BundleParts): Promise<void> {
  const { writeBundle } = await import('../bundle/write-bundle.ts');
  const path = resolve(context.cwd, file);
  const { bytes, files } = await writeBundle(path, parts);
  context.terminal.err(
    `Wrote ${path} (${Math.ceil(bytes / 1024)} KB): ${files.join(', ')}. Look through it before you pass it on\n`,
  );
}

async function collect(context: Context, flags: DoctorFlags): Promise<Omit<BundleParts, 'now'>> {
  const [{ readSettings }, { findServer, toEnvironment }] = await Promise.all([
    import('@baton/server'),
    import('../server/find-server.ts'),
  ]);
  const [machine, data, server, agents, deep] = await Promise.all([
    import('../doctor/check-machine.ts'),
    import('../doctor/check-data.ts'),
    import('../doctor/check-server.ts'),
    import('../doctor/check-agents.ts'),
    import('../doctor/check-deep.ts'),
  ]);
  const settings = readSettings(toEnvironment(context, flags.data));
  // A server that runs and cannot be spoken to is a finding, and no reason to look at nothing else.
  const [running, locked] = await findServer(context, flags).then(
    (found) => [found, undefined] as const,
    (error: unknown) => [undefined, server.toLocked(error)] as const,
  );
  const findings: Finding[] = [
    machine.checkNode(process.version),
    ...(await data.checkData(settings.dataDir)),
    locked ?? server.toStanding(running),
    ...(running === undefined && locked === undefined ? [await server.checkPort(settings)] : []),
    ...(await machine.checkRoots(settings.roots)),
    await machine.checkGit(context.env),
    ...(await agents.readAgents(running, settings).then(agents.checkAgents, toFailedAgents)),
    ...(flags.deep === true && locked === undefined ? await deep.checkDeep(running, settings) : []),
  ];
  return { settings, running, findings };
}

function toFailedAgents(error: unknown): Finding[] {
  const { message } = toAppError(error);
  return [{ id: 'agents', title: 'Agents', status: 'bad', detail: message, mend: 'Look into the server log' }];
}

/** One line per finding, and one more for what to do. */
export function toLines({ title, status, detail, mend }: Finding, paint: Paint): string[] {
  const mark = { good: paint('good', '✓'), advice: paint('ask', '!'), bad: paint('bad', '✗') }[status];
  const line = `${mark} ${title.padEnd(18)} ${toPlainLine(detail)}`;
  return mend === undefined ? [line] : [line, `  ${''.padEnd(18)} ${paint('quiet', `→ ${toPlainLine(mend)}`)}`];
}
