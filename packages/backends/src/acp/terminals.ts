import { AppError, createId } from '@baton/protocol';
import { type AgentProcess, type ProcessMarker, startProcess } from '@baton/runner';
import { z } from 'zod';
import { tellOverlong } from '../agent/tell-overlong.ts';
import type { PathScope } from '../worker/tools/path-scope.ts';
import { type LastOutput, createLastOutput } from './last-output.ts';
import { resolveInside } from './serve-files.ts';

const MAX_OPEN = 32;
const MAX_KEPT = 128;
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
  // The protocol keeps the end of an output that is too long.
  output: LastOutput;
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
  /** Rejects when the signal aborts; the command runs on. */
  waitForExit(params: unknown, signal?: AbortSignal): Promise<ExitStatus>;
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

  // An agent that releases nothing would fill the memory with what has ended long ago.
  function forget(): void {
    const ended = [...terminals].filter(([, { exit }]) => exit !== undefined);
    for (const [id] of ended.slice(0, Math.max(0, terminals.size - MAX_KEPT))) terminals.delete(id);
  }

  async function start(params: unknown): Promise<{ terminalId: string }> {
    const asked = createSchema.parse(params);
    const running = [...terminals.values()].filter(({ exit }) => exit === undefined).length;
    if (isClosed || running >= MAX_OPEN)
      throw new AppError('too-many-sessions', `Baton runs at most ${MAX_OPEN} commands at once for an agent`);
    const { real: cwd } = await resolveInside(options.scope, asked.cwd ?? options.scope.root);
    forget();
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
      const { output, exit } = find(params).terminal;
      const { text, isCut } = output.read();
      return { output: text, truncated: isCut, ...(exit === undefined ? {} : { exitStatus: exit }) };
    },
    async waitForExit(params, signal) {
      return Promise.race([find(params).terminal.exited, toAborted(signal)]);
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

function toAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function startTerminal(
  options: TerminalOptions,
  { asked, cwd, terminalId }: { asked: z.infer<typeof createSchema>; cwd: string; terminalId: string },
): Promise<Terminal> {
  const exited = Promise.withResolvers<ExitStatus>();
  const limit = Math.min(asked.outputByteLimit ?? MAX_OUTPUT, MAX_OUTPUT);
  const started: Omit<Terminal, 'process'> = {
    output: createLastOutput(limit),
    exit: undefined,
    exited: exited.promise,
  };
  const add = (text: string): void => {
    started.output.add(text);
    options.onOutput(terminalId, text);
  };
  const extra = Object.fromEntries((asked.env ?? []).map(({ name, value }) => [name, value]));
  const process = await startProcess({
    ...toProgram(asked.command, asked.args ?? []),
    cwd,
    env: withoutOurs({ ...options.env, ...extra }),
    marker: options.marker,
    leashed: true,
    bounds: BOUNDS,
    maxLineBytes: MAX_LINE,
    onLine: (line) => add(`${line}\n`),
    ...tellOverlong(add),
    keepsAllErrors: true,
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

// Agents send a program with its arguments, or a whole line for a shell.
function toProgram(command: string, args: readonly string[]): { command: string; args: readonly string[] } {
  if (args.length > 0 || !/\s|[|&;<>$`]/.test(command)) return { command, args };
  if (process.platform === 'win32') return { command: 'cmd.exe', args: ['/d', '/s', '/c', command] };
  return { command: '/bin/sh', args: ['-c', command] };
}

function withoutOurs(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('BATON_')));
}
