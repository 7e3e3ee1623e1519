import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { AppError } from '@baton/protocol';
import { STOP_BOUNDS, type StopBounds, endFamily, endWindowsTree } from './end-family.ts';
import { findMissingInterpreter } from './find-missing-interpreter.ts';
import { LineAllowance } from './line-allowance.ts';
import { type LineSplitter, type SplitLine, createLineSplitter } from './json-lines.ts';
import { holdOnLeash } from './leash.ts';
import { NotWritten } from './not-written.ts';
import { type ProcessFamily, createProcessFamily } from './process-family.ts';
import { type RunMarker, toMarkerVariables } from './process-marker.ts';
import { readProcess } from './process-table.ts';
import { saysWhy } from './says-why.ts';

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  /** Must exist; a missing one is reported as such and not as a missing program. */
  cwd: string;
  /** The whole environment; the marker is added. */
  env: Readonly<Record<string, string>>;
  marker: Omit<RunMarker, 'run'>;
  /**
   * Whether it is killed when this process ends, however that ends: for programs that do not end with their input, or only when
   * they have done what they are at. What it has started is killed as far as it stayed in its group. Default false.
   */
  leashed?: boolean;
  /** One line of stdout, in order. While a returned promise is open nothing more is read: the process feels the pressure. */
  onLine(line: string): void | Promise<void>;
  /** A line of stdout was longer than `maxLineBytes` and is lost. */
  onOverlongLine(bytes: number): void;
  /** A line of stdout has just become longer than that, and may never end; gets its beginning. */
  onOverflow?: (head: string) => void;
  /**
   * One line of stderr, cut at `maxStderrChars`; of one that does not end in time only the beginning, at once. Of a flood
   * (1000 at once, then 100 a second) the rest is counted.
   */
  onStderrLine(line: string): void;
  /** Every line of stderr, however many: it is output that was asked for. Default false. */
  keepsAllErrors?: boolean;
  /** Exactly once, after the last line, when nothing the process started is alive any more. */
  onExit(exit: ProcessExit): void;
  /** Default 64 MiB. */
  maxLineBytes?: number;
  /** Default 4000. */
  maxStderrChars?: number;
  bounds?: Partial<StopBounds>;
}

export interface ProcessExit {
  code: number | null;
  signal: string | null;
  /** Whether `stop` was called before it ended. */
  expected: boolean;
  /** The last lines of stderr that may say why, for a message. None of one that was killed: it did not know, and they tell of something else. */
  lastErrors: readonly string[];
}

export interface AgentProcess {
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Whether the program itself is gone. What it started may still speak, until `onExit`. */
  readonly hasExited: boolean;
  /**
   * Sends one line (without `\n`). Resolves when the system took it; rejects with `NotWritten` when it did not take it whole,
   * so that the process cannot have read it as a line.
   */
  write(line: string): Promise<void>;
  /** Ends stdin. Later writes reject. */
  closeInput(): void;
  /**
   * Ends the process and everything it started: `graceful` (the agent's own way), then SIGINT, SIGTERM, SIGKILL, each
   * within its bound. Resolves after `onExit`. Idempotent: later calls join the first.
   */
  stop(graceful?: () => Promise<unknown>): Promise<void>;
  /** Ends the process and everything it started at once, without a word to it. Otherwise as `stop`. */
  kill(): Promise<void>;
}

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const MAX_STDERR_CHARS = 4000;
const KEPT_ERRORS = 20;
const STDERR_LINE_BYTES = 1024 * 1024;
// How long output may still come after every process is gone (another user's process may hold the pipe).
const DRAIN_MS = 2000;

/** Starts a process in a group of its own. Rejects with `backend-not-installed` or `invalid-input` when it cannot be started. */
export async function startProcess(options: ProcessOptions): Promise<AgentProcess> {
  const isFolder = await stat(options.cwd).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new AppError('invalid-input', `Cannot start ${options.command}: the folder ${options.cwd} does not exist`);
  const run = randomUUID();
  const child = spawn(options.command, [...options.args], {
    cwd: options.cwd,
    env: { ...options.env, ...toMarkerVariables({ ...options.marker, run }) },
    detached: true,
    stdio: 'pipe',
    windowsHide: true,
  });
  const free = options.leashed === true && child.pid !== undefined ? holdOnLeash(child.pid) : undefined;
  const onExit: ProcessOptions['onExit'] = (exit) => {
    free?.();
    options.onExit(exit);
  };
  const running = new RunningProcess(child, { ...options, onExit, run });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.on('error', (cause) => void toStartError(options, cause).then(reject));
  });
  running.follow();
  return running;
}

async function toStartError({ command, env }: ProcessOptions, cause: Error): Promise<AppError> {
  const reason = 'code' in cause && cause.code === 'ENOENT' ? await toMissing(command, env) : cause.message;
  return new AppError('backend-not-installed', `Cannot start ${command}: ${reason}`, {}, { cause });
}

async function toMissing(command: string, env: ProcessOptions['env']): Promise<string> {
  const interpreter = await findMissingInterpreter(command, env);
  if (interpreter === undefined) return 'there is no such program';
  return `it is a script for "${interpreter}", which is not there. Install it again`;
}

interface RunOptions extends ProcessOptions {
  run: string;
}

class RunningProcess implements AgentProcess {
  readonly startedAt = Date.now();
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #options: RunOptions;
  readonly #bounds: StopBounds;
  readonly #lastErrors: string[] = [];
  readonly #finished = Promise.withResolvers<void>();
  #family: Promise<ProcessFamily> | undefined;
  #stopping: Promise<void> | undefined;
  #hasExited = false;
  /** Why Baton killed it. */
  #fault: string | undefined;
  // The consumer has not yet come back from a line.
  #isTaking = false;

  constructor(child: ChildProcessWithoutNullStreams, options: RunOptions) {
    this.#child = child;
    this.#options = options;
    this.#bounds = { ...STOP_BOUNDS, ...options.bounds };
    // A broken pipe is told to the writer; without a listener it would end the server.
    child.stdin.on('error', () => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  follow(): void {
    this.#family = this.#toFamily();
    const drained = Promise.all([this.#readOutput(), this.#readErrors()]).catch((error) => this.#giveUp(error));
    this.#child.once('exit', (code, signal) => {
      this.#hasExited = true;
      void this.#finish({ code, signal, drained });
    });
  }

  async write(line: string): Promise<void> {
    if (line.includes('\n')) throw new Error('Broken invariant: a line to an agent holds a line break');
    const { stdin } = this.#child;
    if (this.#hasExited || !stdin.writable) throw this.#toGone();
    await new Promise<void>((resolve, reject) => {
      stdin.write(`${line}\n`, (error) => (error == null ? resolve() : reject(this.#toGone())));
    });
  }

  closeInput(): void {
    this.#child.stdin.end();
  }

  stop(graceful?: () => Promise<unknown>): Promise<void> {
    this.#stopping ??= this.#stop(graceful);
    return this.#stopping;
  }

  kill(): Promise<void> {
    this.#stopping ??= this.#end('kill').then(() => this.#finished.promise);
    return this.#stopping;
  }

  async #stop(graceful?: () => Promise<unknown>): Promise<void> {
    if (graceful !== undefined && !this.#hasExited) {
      const asked = graceful()
        .catch(() => {})
        .then(() => this.#finished.promise);
      await within(this.#bounds.protocolMs, asked);
    }
    if (!this.#hasExited) await this.#end('interrupt');
    await this.#finished.promise;
  }

  // With the root dead its tools are left; they get no SIGINT, which a shell in the background ignores anyway.
  async #finish(end: { code: number | null; signal: string | null; drained: Promise<unknown> }): Promise<void> {
    const expected = this.#stopping !== undefined;
    await this.#end('terminate');
    await this.#drain(end.drained);
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#child.stdin.destroy();
    const lastErrors = end.signal === 'SIGKILL' ? [] : [...this.#lastErrors];
    if (this.#fault !== undefined) lastErrors.push(this.#fault);
    this.#options.onExit({ code: end.code, signal: end.signal, expected, lastErrors });
    this.#finished.resolve();
  }

  // A slow consumer is waited for; a pipe that somebody else holds open is not.
  async #drain(drained: Promise<unknown>): Promise<void> {
    let isDone = false;
    void drained.then(() => {
      isDone = true;
    });
    do await within(DRAIN_MS, drained);
    while (!isDone && this.#isTaking);
  }

  async #end(from: 'interrupt' | 'terminate' | 'kill'): Promise<void> {
    if (process.platform === 'win32') return endWindowsTree(this.pid);
    const family = await this.#family;
    if (family !== undefined) await endFamily(family, { bounds: this.#bounds, from });
  }

  async #toFamily(): Promise<ProcessFamily> {
    const self = await readProcess(this.pid);
    const root = { pid: this.pid, startTime: self?.startTime ?? '' };
    const { marker, run } = this.#options;
    return createProcessFamily({ root, marker: { server: marker.server, run } });
  }

  async #readOutput(): Promise<void> {
    const { onLine, onOverlongLine, onOverflow, maxLineBytes = MAX_LINE_BYTES } = this.#options;
    const splitter = createLineSplitter({ maxLineBytes, ...(onOverflow === undefined ? {} : { onOverflow }) });
    await readLines(this.#child.stdout, splitter, async (line) => {
      this.#isTaking = true;
      try {
        if (line.type === 'overlong') onOverlongLine(line.bytes);
        else await onLine(line.text);
      } finally {
        this.#isTaking = false;
      }
    });
  }

  async #readErrors(): Promise<void> {
    const { onStderrLine, maxStderrChars = MAX_STDERR_CHARS, keepsAllErrors = false } = this.#options;
    const allowance = new LineAllowance(performance.now());
    const tellLeftOut = (lines: number) => {
      if (lines > 0) onStderrLine(`[${lines} lines were left out]`);
    };
    const take = (text: string) => {
      if (text === '') return;
      const cut = text.length > maxStderrChars ? `${text.slice(0, maxStderrChars)} [cut]` : text;
      if (saysWhy(cut)) this.#lastErrors.push(cut);
      if (this.#lastErrors.length > KEPT_ERRORS) this.#lastErrors.shift();
      if (keepsAllErrors) return onStderrLine(cut);
      const { isAllowed, leftOut } = allowance.take(performance.now());
      tellLeftOut(leftOut);
      if (isAllowed) onStderrLine(cut);
    };
    const onOverflow = (head: string) => take(`${head} [cut]`);
    const splitter = createLineSplitter({ maxLineBytes: STDERR_LINE_BYTES, onOverflow });
    await readLines(this.#child.stderr, splitter, (line) => {
      if (line.type === 'line') take(line.text.trimEnd());
    });
    tellLeftOut(allowance.end());
  }

  // The consumer threw, which its contract forbids. A process that nobody listens to is ended, and the reason is kept.
  #giveUp(error: unknown): void {
    this.#fault = `Baton failed on a line of output: ${error instanceof Error ? error.message : String(error)}`;
    this.#child.kill('SIGKILL');
  }

  #toGone(): NotWritten {
    return new NotWritten(`Cannot write to ${this.#options.command}: the process has ended`);
  }
}

async function readLines(
  stream: Readable,
  splitter: LineSplitter,
  take: (line: SplitLine) => void | Promise<void>,
): Promise<void> {
  for await (const chunk of readChunks(stream)) {
    for (const line of splitter.push(chunk)) await take(line);
  }
  for (const line of splitter.end()) await take(line);
}

async function* readChunks(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch {
    // The pipe was closed under us, after the process was ended; what was read is kept.
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([promise, work]);
  clearTimeout(timer);
}
