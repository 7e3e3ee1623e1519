import { startProcess, toEnvironment } from '@baton/runner';
import { tellOverlong } from '../../agent/tell-overlong.ts';
import { cutMiddle, type CutText } from './cut-text.ts';

export interface CommandRun {
  command: string;
  cwd: string;
  timeoutMs: number;
  signal: AbortSignal;
  onOutput(text: string): void;
}

export interface CommandEnd extends CutText {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
}

/** Runs one shell command to its end. Resolves when nothing it started is alive any more; never rejects for what the command did. */
export type CommandRunner = (run: CommandRun) => Promise<CommandEnd>;

export interface CommandRunnerOptions {
  /** The environment commands see, before it is narrowed. */
  env: Readonly<Record<string, string | undefined>>;
  /** What the user set for the session. */
  sessionEnv: Readonly<Record<string, string>>;
  sessionId: string;
  /** Marks the processes of this server, see `toServerMarker` of the runner. */
  serverMarker: string;
}

const MAX_OUTPUT = 30_000;
// What is kept while it runs; far more than is shown, so that the cut is taken from the middle.
const MAX_KEPT = 1_000_000;
const MAX_LIVE = 200_000;
const MAX_LINE = 1_000_000;
const BOUNDS = { protocolMs: 0, interruptMs: 500, terminateMs: 1000 };

// The worker's own keys are no business of the commands it runs.
const PROVIDER_KEYS = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'OPENAI_API_KEY'];

export function createCommandRunner(options: CommandRunnerOptions): CommandRunner {
  const env = toEnvironment({ from: options.env, set: options.sessionEnv });
  for (const name of PROVIDER_KEYS) delete env[name];
  const marker = { session: options.sessionId, server: options.serverMarker };

  return async (run) => {
    const output = createOutput(run.onOutput);
    const ended = Promise.withResolvers<{ code: number | null; signal: string | null }>();
    const child = await startProcess({
      ...toShell(run.command),
      cwd: run.cwd,
      env,
      marker,
      leashed: true,
      bounds: BOUNDS,
      maxLineBytes: MAX_LINE,
      onLine: (line) => output.add(`${line}\n`),
      ...tellOverlong((text) => output.add(text)),
      keepsAllErrors: true,
      onStderrLine: (line) => output.add(`${line}\n`),
      onExit: ({ code, signal }) => ended.resolve({ code, signal }),
    });
    child.closeInput();
    const timedOut = await untilEnd(() => child.stop(), run, ended.promise);
    const { code, signal } = await ended.promise;
    return { exitCode: code, signal, timedOut, ...output.end() };
  };
}

function toShell(command: string): { command: string; args: string[] } {
  if (process.platform === 'win32') return { command: 'cmd.exe', args: ['/d', '/s', '/c', command] };
  return { command: '/bin/sh', args: ['-c', command] };
}

async function untilEnd(stop: () => Promise<void>, run: CommandRun, ended: Promise<unknown>): Promise<boolean> {
  let timedOut = false;
  const end = (): void => void stop();
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, run.timeoutMs);
  run.signal.addEventListener('abort', end, { once: true });
  if (run.signal.aborted) end();
  await ended;
  clearTimeout(timer);
  run.signal.removeEventListener('abort', end);
  return timedOut;
}

function createOutput(onOutput: (text: string) => void) {
  let kept = '';
  let dropped = 0;
  let live = 0;

  function add(text: string): void {
    if (live < MAX_LIVE) onOutput(text);
    live += text.length;
    kept += text;
    if (kept.length <= MAX_KEPT * 2) return;
    dropped += kept.length - MAX_KEPT;
    kept = kept.slice(-MAX_KEPT);
  }

  function end(): CutText {
    const { text, cut } = cutMiddle(kept.replace(/\n$/, ''), MAX_OUTPUT);
    return { text, cut: cut + dropped };
  }

  return { add, end };
}
