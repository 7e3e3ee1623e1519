import { type AgentProcess, type ProcessExit } from '@baton/runner';
import { AppError, createId, parseJson, toAppError } from '@baton/protocol';
import { toExitFailure, toNonsenseFailure, withWords } from './exit-failure.ts';
import type { AgentRequest } from './agent-requests.ts';
import { initialize } from './initialize.ts';
import { startAgent, toAgentEnvironment } from './launch.ts';
import { createOddLines } from './odd-lines.ts';
import { METHOD_NOT_FOUND, type RequestOptions, type RpcChannel, createRpcChannel } from './rpc.ts';
import type { AcpSettings } from './settings.ts';
import { type Call, type Incoming, type Initialized, parseIncoming } from './wire.ts';

export interface BriefOptions {
  settings: AcpSettings;
  /** The folder it runs in; must exist. */
  cwd: string;
  signal: AbortSignal;
  /** What it is started for, as in "to list its conversations". */
  purpose: string;
  /** Hears what it says of itself. */
  onInitialized(initialized: Initialized): void;
  /** Hears what it tells without being asked, in order. */
  onTold?(method: string, params: unknown): void;
}

/** An agent that was started for a question or two, in which nobody's conversation goes on. */
export interface BriefAgent {
  title: string;
  signIn: string | undefined;
  env: Readonly<Record<string, string>>;
  initialized: Initialized;
  /** Waits at most 20 s unless told otherwise. */
  request(asked: AgentRequest, options?: RequestOptions): Promise<unknown>;
}

/** What it may say in all, however long it takes. */
const MAX_BYTES = 256 * 1024 * 1024;
const KEPT_ERRORS = 5;

/**
 * Starts an agent, lets `work` ask it, and ends it with all its processes before this settles: when the work is done, when it
 * fails, when the time is over or the signal says so. Nothing is done for the agent, and all that it asks is declined. What goes
 * wrong is told with its last words.
 */
export async function askBriefly<T>(options: BriefOptions, work: (agent: BriefAgent) => Promise<T>): Promise<T> {
  const asking = new Asking(options);
  try {
    return await asking.run(work);
  } finally {
    await asking.end();
  }
}

class Asking {
  readonly #options: BriefOptions;
  readonly #env: Readonly<Record<string, string>>;
  readonly #rpc: RpcChannel;
  readonly #odd = createOddLines();
  readonly #errors: string[] = [];
  /** Rejects with the reason for which it is over before the work is done. */
  readonly #over = Promise.withResolvers<never>();
  #process: AgentProcess | undefined;
  #bytes = 0;
  #hasSpoken = false;
  #isOver = false;

  constructor(options: BriefOptions) {
    const { definition, env, clock } = options.settings;
    this.#options = options;
    this.#env = toAgentEnvironment(definition, env, {});
    this.#rpc = createRpcChannel({
      ...{ title: definition.title, clock },
      write: (line) => this.#write(line),
      hear: (call) => this.#hear(call),
    });
    this.#over.promise.catch(() => {});
  }

  async run<T>(work: (agent: BriefAgent) => Promise<T>): Promise<T> {
    const { settings, signal, purpose } = this.#options;
    const { clock, bounds, definition } = settings;
    const seconds = Math.round(bounds.briefMs / 1000);
    const late = `${definition.title} took more than ${seconds} s ${purpose}, and was ended`;
    const cancel = clock.after(bounds.briefMs, () => this.#fail(this.#withWords('agent-unresponsive', late)));
    const onAbort = () => this.#fail(new AppError('shutting-down', `${definition.title} was ended: the server stops`));
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) onAbort();
      return await Promise.race([this.#work(work), this.#over.promise]);
    } finally {
      cancel();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves when no process of it is alive. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#process?.stop(async () => this.#process?.closeInput());
  }

  async #work<T>(work: (agent: BriefAgent) => Promise<T>): Promise<T> {
    const { settings, cwd, onInitialized } = this.#options;
    const { definition } = settings;
    const started = await startAgent({
      ...{ settings, env: this.#env, isWanted: () => !this.#isOver },
      options: { cwd, sessionId: createId('session') },
      ears: {
        onLine: (line) => this.#take(line),
        onOverlongLine: () => this.#fail(this.#withWords('agent-unresponsive', `${definition.title} says too much`)),
        onOverflow: (head) => this.#takeFlood(head),
        onStderrLine: (text) => this.#takeError(text),
        onExit: (exit) => this.#takeExit(exit),
      },
    });
    if (started === undefined) return this.#over.promise;
    this.#process = started.process;
    // It may be over since: `end` has not seen this process then.
    if (this.#isOver) await this.end();
    // Nothing of the machine is served to it.
    const asked = { ...settings, definition: { ...definition, files: false, terminals: false } };
    const initialized = await initialize(this.#rpc, asked, () => this.#said());
    this.#hasSpoken = true;
    onInitialized(initialized);
    const { requestMs: timeoutMs } = settings.bounds;
    const request: BriefAgent['request'] = (asked, how = { timeoutMs }) => this.#rpc.request(asked, how);
    const { title, signIn } = definition;
    return work({ title, signIn, env: this.#env, initialized, request });
  }

  #take(line: string): void | Promise<void> {
    if (this.#isOver || line.trim() === '') return undefined;
    this.#bytes += line.length;
    const { title } = this.#options.settings.definition;
    if (this.#bytes > MAX_BYTES)
      return this.#fail(this.#withWords('agent-unresponsive', `${title} says more than Baton reads`));
    const parsed = parseJson(line);
    const message: Incoming = parsed.ok ? parseIncoming(parsed.value) : { type: 'unknown' };
    if (message.type !== 'unknown') return this.#rpc.take(message);
    if (this.#odd.note(line, this.#hasSpoken) === 'give-up')
      this.#fail(toError(toNonsenseFailure(title, this.#said())));
    return undefined;
  }

  #hear(call: Call): void {
    if (call.type === 'request') this.#decline(call);
    else this.#options.onTold?.(call.method, call.params);
  }

  #takeFlood(head: string): void {
    this.#odd.note(head, this.#hasSpoken);
    if (!this.#hasSpoken) this.#fail(toError(toNonsenseFailure(this.#options.settings.definition.title, this.#said())));
  }

  #takeError(text: string): void {
    this.#errors.push(text);
    if (this.#errors.length > KEPT_ERRORS) this.#errors.shift();
  }

  #takeExit({ code, signal, lastErrors }: ProcessExit): void {
    const { title } = this.#options.settings.definition;
    const said = [this.#odd.said(), ...lastErrors.slice(-KEPT_ERRORS)].filter((text) => text !== '').join('; ');
    const end = { title, code, signal, said, hasSpoken: this.#hasSpoken, todo: 'Try again' };
    this.#fail(toError(toExitFailure(end)));
  }

  // Nobody is there to answer, and nothing is to be done in a conversation that is only looked at.
  #decline({ id, method }: Extract<Call, { type: 'request' }>): void {
    const outcome = DECLINED[method];
    const error = { code: METHOD_NOT_FOUND, message: `Baton has no method "${method}" now` };
    this.#rpc.reply(outcome === undefined ? { rpcId: id, error } : { rpcId: id, result: outcome });
  }

  #fail(reason: AppError): void {
    this.#isOver = true;
    this.#rpc.close(reason);
    this.#over.reject(reason);
  }

  #said(): string {
    return [this.#odd.said(), ...this.#errors].filter((text) => text !== '').join('; ');
  }

  #withWords(kind: AppError['kind'], what: string): AppError {
    return new AppError(kind, withWords(what, this.#said()));
  }

  #write(line: string): Promise<void> {
    if (this.#process === undefined) return Promise.reject(toAppError(new Error('The agent does not run')));
    return this.#process.write(line);
  }
}

const DECLINED: Readonly<Record<string, unknown>> = {
  'session/request_permission': { outcome: { outcome: 'cancelled' } },
  'elicitation/create': { action: 'cancel' },
};

const toError = ({ kind, message }: { kind: AppError['kind']; message: string }) => new AppError(kind, message);
