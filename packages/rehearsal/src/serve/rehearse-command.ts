import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { AppError } from '@baton/protocol';
import type { Scenario } from '../scenario/scenario.ts';
import type { RecordedRequest } from './request-log.ts';
import { startRehearsal } from './start-rehearsal.ts';

export interface RehearseOptions {
  scenario: Scenario | string;
  command: string;
  args: readonly string[];
  /** Default: the environment of this process. The addresses and keys of model APIs are set on top. */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  folder?: string;
  /** Hears of every request to the model. */
  log?: (request: RecordedRequest) => void;
}

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs any program with a scripted model in place of the real one: its terminal is this one, and its exit code is the
 * answer (128 + the signal's number when a signal ended it). Rejects with `not-found` when the program cannot be started.
 */
export async function rehearseCommand(options: RehearseOptions): Promise<number> {
  const { scenario, folder, log } = options;
  const rehearsal = await startRehearsal({
    scenario,
    ...(folder === undefined ? {} : { folder }),
    ...(log === undefined ? {} : { log }),
  });
  try {
    return await runProgram(options, toEnvironment(options.env ?? process.env, rehearsal));
  } finally {
    await rehearsal.close();
  }
}

/** Where the known agents look for their model. A login that would win over the key is taken away. */
function toEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { url, apiKey }: { url: string; apiKey: string },
): Record<string, string | undefined> {
  const { ANTHROPIC_AUTH_TOKEN: _token, CLAUDE_CODE_OAUTH_TOKEN: _login, ...rest } = env;
  return {
    ...rest,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: apiKey,
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_API_KEY: apiKey,
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_API_KEY: apiKey,
    NO_PROXY: [rest['NO_PROXY'], '127.0.0.1'].filter((part) => part !== undefined && part !== '').join(','),
  };
}

function runProgram({ command, args, cwd }: RehearseOptions, env: Record<string, string | undefined>): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { env, stdio: 'inherit', ...(cwd === undefined ? {} : { cwd }) });
    // Ctrl+C reaches the program by itself; this process must outlive it to answer for it.
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of PASSED_ON) process.on(signal, pass);
    const release = (): void => PASSED_ON.forEach((signal) => void process.off(signal, pass));
    child.once('error', (cause) => {
      release();
      reject(new AppError('not-found', `Cannot start "${command}": ${cause.message}`, {}, { cause }));
    });
    child.once('exit', (code, signal) => {
      release();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
