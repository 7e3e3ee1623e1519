import { AppError, createId } from '@baton/protocol';
import { type AgentProcess, type ProcessMarker, startProcess } from '@baton/runner';
import { z } from 'zod';
import type { PathScope } from '../worker/tools/path-scope.ts';
import { resolveInside } from './serve-files.ts';

const MAX_OPEN = 32;
const MAX_OUTPUT = 1_000_000;
const MAX_LINE = 1_000_000;
const BOUNDS = { protocolMs: 0, interruptMs: 500, terminateMs: 1000 };

const createSchema = z.looseObject({
  command: z.string().min(1),
  args: z.array(z.string()).nullish(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  cwd: z.string().nullish(),
  outputByteLimit: z.int().nonnegative().nullish(),
});
const namedSchema = z.looseObject({ terminalId: z.string() });

interface ExitStatus {
  exitCode: number | null;
  signal: string | null;
}

interface Terminal {
  process: AgentProcess;
  output: string;
  limit: number;
  isCut: boolean;
  exit: ExitStatus | undefined;
  exited: Promise<ExitStatus>;
}

export interface TerminalOptions {
  scope: PathScope;
  env: Readonly<Record<string, string>>;
  marker: ProcessMarker;
  onOutput(terminalId: string, text: string): void;
  onExit(terminalId: string, exit: ExitStatus): void;
}

/** Commands that Baton runs for an agent. None outlives `closeAll`. */
export interface Terminals {
  create(params: unknown): Promise<{ terminalId: string }>;
  output(params: unknown): { output: string; truncated: boolean; exitStatus?: ExitStatus };
  waitForExit(params: unknown): Promise<ExitStatus>;
  kill(params: unknown): Promise<Record<string, never>>;
  /** Ends the command if it still runs; its id means nothing any more. */
  release(params: unknown): Promise<Record<string, never>>;
  closeAll(): Promise<void>;
}

export function createTerminals(options: TerminalOptions): Terminals {
  const terminals = new Map<string, Terminal>();
  const starting = new Set<Promise<unknown>>();
  let isClosed = false;

  function find(params: unknown): { id: string; terminal: Terminal } {
    const { terminalId: id } = namedSchema.parse(params);
    const terminal = terminals.get(id);
    if (terminal === undefined) throw new AppError('not-found', `There is no terminal "${id}"`);
    return { id, terminal };
  }

  async function start(params: unknown): Promise<{ terminalId: string }> {
    const asked = createSchema.parse(params);
    const running = [...terminals.values()].filter(({ exit }) => exit === undefined).length;
    if (isClosed || running >= MAX_OPEN)
      throw new AppError('too-many-sessions', `Baton runs at most ${MAX_OPEN} commands at once for an agent`);
    const { real: cwd } = await resolveInside(options.scope, asked.cwd ?? options.scope.root);
    const terminalId = createId('item').replace(/^[a-z]+_/, 'term_');
    terminals.set(terminalId, await startTerminal(options, { asked, cwd, terminalId }));
    return { terminalId };
  }

  return {
    create(params) {
      const work = start(params);
      const done = work.catch(() => {}).finally(() => starting.delete(done));
      starting.add(done);
      return work;
    },
    output(params) {
      const { output, isCut, exit } = find(params).terminal;
      return { output, truncated: isCut, ...(exit === undefined ? {} : { exitStatus: exit }) };
    },
    async waitForExit(params) {
      return find(params).terminal.exited;
    },
    async kill(params) {
      await find(params).terminal.process.stop();
      return {};
    },
    async release(params) {
      const { id, terminal } = find(params);
      await terminal.process.stop();
      terminals.delete(id);
      return {};
    },
    async closeAll() {
      isClosed = true;
      await Promise.all(starting);
      await Promise.all([...terminals.values()].map(({ process }) => process.stop()));
      terminals.clear();
    },
  };
}

async function startTerminal(
  options: TerminalOptions,
  { asked, cwd, terminalId }: { asked: z.infer<typeof createSchema>; cwd: string; terminalId: string },
): Promise<Terminal> {
  const exited = Promise.withResolvers<ExitStatus>();
  const limit = Math.min(asked.outputByteLimit ?? MAX_OUTPUT, MAX_OUTPUT);
  const started: Omit<Terminal, 'process'> = {
    output: '',
    limit,
    isCut: false,
    exit: undefined,
    exited: exited.promise,
  };
  const add = (text: string): void => {
    append(started, text);
    options.onOutput(terminalId, text);
  };
  const extra = Object.fromEntries((asked.env ?? []).map(({ name, value }) => [name, value]));
  const process = await startProcess({
    ...toProgram(asked.command, asked.args ?? []),
    cwd,
    env: withoutOurs({ ...options.env, ...extra }),
    marker: options.marker,
    bounds: BOUNDS,
    maxLineBytes: MAX_LINE,
    onLine: (line) => add(`${line}\n`),
    onOverlongLine: (bytes) => add(`[a line of ${bytes} bytes was left out]\n`),
    onStderrLine: (line) => add(`${line}\n`),
    onExit: ({ code, signal }) => {
      started.exit = { exitCode: code, signal };
      options.onExit(terminalId, started.exit);
      exited.resolve(started.exit);
    },
  });
  process.closeInput();
  return Object.assign(started, { process });
}

// The protocol keeps the end of an output that is too long.
function append(terminal: Omit<Terminal, 'process'>, text: string): void {
  terminal.output += text;
  if (Buffer.byteLength(terminal.output) <= terminal.limit) return;
  terminal.isCut = true;
  const bytes = Buffer.from(terminal.output);
  // Not in the middle of a character: those bytes would be read as something else.
  let from = bytes.length - terminal.limit;
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  terminal.output = bytes.subarray(from).toString('utf8');
}

// Agents send a program with its arguments, or a whole line for a shell.
function toProgram(command: string, args: readonly string[]): { command: string; args: readonly string[] } {
  if (args.length > 0 || !/\s|[|&;<>$`]/.test(command)) return { command, args };
  if (process.platform === 'win32') return { command: 'cmd.exe', args: ['/d', '/s', '/c', command] };
  return { command: '/bin/sh', args: ['-c', command] };
}

function withoutOurs(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('BATON_')));
}
