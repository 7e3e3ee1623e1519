import { AppError, type Failure, parseJson, toAppError } from '@baton/protocol';
import { type AgentProcess, NotWritten, type ProcessExit, startProcess } from '@baton/runner';
import { z } from 'zod';
import { type Connection, createConnection } from './connection.ts';
import { type Endpoint, createEndpoint } from './endpoint.ts';
import { toExitFailure, toLogLine } from './exit-failure.ts';
import { KnownConfigs } from './known-configs.ts';
import type { Listener } from './listener.ts';
import { Routes, toThread } from './routes.ts';
import type { CodexSettings } from './settings.ts';
import { type CodexSocket, openSocket } from './socket.ts';
import { type Message, type Notice, type RequestId, parseMessage } from './wire.ts';

export interface AppServerOptions {
  path: string;
  args: readonly string[];
  /** Its home, where it also listens. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  settings: CodexSettings;
  /** It ended, by itself or because it was stopped. */
  onExit(): void;
}

const MAX_RAW_LINE = 10_000;
/** Between the end of a process and that of its connection, whichever is noticed first. */
const SETTLE_MS = 1000;

const initializedSchema = z.object({ userAgent: z.string() });

/** One `codex app-server`, spoken to by several sessions: each has its thread, and the threads of its subagents. */
export class AppServer {
  readonly #options: AppServerOptions;
  readonly #connection: Connection;
  readonly #configs: KnownConfigs;
  readonly #sessions = new Set<Listener>();
  readonly #routes = new Routes((message, session) => this.#hand(message, session));
  #process: AgentProcess | undefined;
  #endpoint: Endpoint | undefined;
  #socket: CodexSocket | undefined;
  #failure: Failure | undefined;
  /** Its settings could be read. */
  #isSound = false;
  #hasExited = false;
  #isStopped = false;
  #isCutOff = false;
  /** Resolves when it has ended and all have heard of it. */
  readonly #over = Promise.withResolvers<void>();
  #version = 'unknown';

  constructor(options: AppServerOptions) {
    this.#options = options;
    this.#configs = new KnownConfigs(options.cwd);
    this.#connection = createConnection({ write: (line) => this.#write(line), clock: options.settings.clock });
  }

  /** Resolves when it takes requests. Rejects with the reason, and leaves nothing running, when it does not. */
  async start(): Promise<void> {
    const { path, args, cwd, env, settings } = this.#options;
    const endpoint = await createEndpoint(cwd, settings.transport);
    this.#endpoint = endpoint;
    const started = startProcess({
      ...{ command: path, args: [...args, ...endpoint.args], cwd, env },
      marker: { session: 'codex', server: settings.serverMarker },
      leashed: true,
      bounds: settings.bounds.stop,
      onLine: (line) => this.#tellAll(line),
      onOverlongLine: () => {},
      onStderrLine: (line) => {
        endpoint.heed(line);
        this.#tellAll(line);
      },
      onExit: (exit) => void this.#takeExit(exit),
    });
    this.#process = await started.catch((error: unknown) => this.#abandon(endpoint, error));
    try {
      if (this.#isStopped) throw new AppError('agent-exited', 'Codex was stopped before it was ready');
      await this.#connect(endpoint);
      await this.#introduce();
      await endpoint.settle();
    } catch (error) {
      // That it had to be ended is not why it does not run.
      if (error instanceof AppError && error.kind === 'agent-unresponsive')
        this.#failure ??= { kind: error.kind, message: error.message };
      await this.stop();
      throw this.#failure === undefined ? error : new AppError(this.#failure.kind, this.#failure.message);
    }
    if (this.#failure !== undefined) throw new AppError(this.#failure.kind, this.#failure.message);
  }

  async #abandon(endpoint: Endpoint, error: unknown): Promise<never> {
    await endpoint.remove().catch(() => undefined);
    throw error;
  }

  async #introduce(): Promise<void> {
    const clientInfo = { name: 'baton', title: 'Baton', version: '1' };
    const params = { clientInfo, capabilities: { experimentalApi: true, requestAttestation: false } };
    const answer = await this.#connection.request('initialize', params, this.#options.settings.bounds.readyMs);
    const told = initializedSchema.safeParse(answer);
    if (told.success) this.#version = toVersion(told.data.userAgent);
    await this.#connection.notify('initialized');
  }

  async #connect({ address }: Endpoint): Promise<void> {
    const { clock, bounds } = this.#options.settings;
    let late: AppError | undefined;
    const cancel = clock.after(bounds.readyMs, () => {
      late = new AppError('agent-unresponsive', `Codex did not listen within ${Math.round(bounds.readyMs / 1000)} s`);
    });
    try {
      const gaveUp = () =>
        this.#failure === undefined ? late : new AppError(this.#failure.kind, this.#failure.message);
      this.#socket = await openSocket({ address, gaveUp, onMessage: (text) => this.#take(text) });
    } finally {
      cancel();
    }
    void this.#socket.closed.then(() => this.#loseConnection());
  }

  // A process that ends closes it, too, and says why; one that does not end is of no use to anybody.
  #loseConnection(): void {
    this.#isCutOff = true;
    this.#options.settings.clock.after(SETTLE_MS, () => {
      if (this.#hasExited) return;
      this.#failure ??= { kind: 'agent-exited', message: 'The connection to Codex broke. Send a prompt to go on.' };
      void this.stop();
    });
  }

  /** For Codex's own terminal program, which can come into the same conversations; undefined where it cannot. */
  get remote(): string | undefined {
    return this.#endpoint?.remote;
  }

  /**
   * The settings that hold in a folder. What is wrong with them Codex tells after it has begun, and with the first answer that
   * needs them: rejects with `invalid-input` then, and the process ends, since it would go on with others.
   */
  async readConfig(cwd: string): Promise<unknown> {
    const { readyMs } = this.#options.settings.bounds;
    const ask = () => this.#connection.request('config/read', { includeLayers: false, cwd }, readyMs);
    const config = await this.#configs.read(cwd, ask).catch((error: unknown) => this.#doubt(error));
    if (this.#failure !== undefined) throw new AppError(this.#failure.kind, this.#failure.message);
    this.#isSound = true;
    return config;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get version(): string {
    return this.#version;
  }

  get isAlive(): boolean {
    return !this.#hasExited && !this.#isCutOff && this.#failure === undefined;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  request(method: string, params: unknown): Promise<unknown> {
    return this.#connection.request(method, params, this.#options.settings.bounds.requestMs);
  }

  reply(requestId: RequestId, result: unknown): Promise<void> {
    return this.#connection.reply(requestId, result);
  }

  refuse(requestId: RequestId, message: string): Promise<void> {
    return this.#connection.refuse(requestId, message);
  }

  join(session: Listener): void {
    this.#sessions.add(session);
  }

  /** From now on a thread is this session's; what was said of it meanwhile is handed over. */
  own(threadId: string, session: Listener): void {
    this.#routes.add(threadId, session);
  }

  /** The threads of a session, its own and its subagents'. */
  threadsOf(session: Listener): string[] {
    return this.#routes.threadsOf(session);
  }

  leave(session: Listener): void {
    this.#sessions.delete(session);
    this.#routes.remove(session);
  }

  /** Resolves when nothing of it is left, and whoever spoke to it has heard so; one that is being started is given up. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#process === undefined) return;
    await this.#process.stop();
    await this.#over.promise;
  }

  #take(line: string): void | Promise<void> {
    if (line.trim() === '') return undefined;
    const parsed = parseJson(line);
    const message = parseMessage(parsed.ok ? parsed.value : line.slice(0, MAX_RAW_LINE));
    if (message.type === 'answer') return this.#connection.settle(message);
    if (message.type === 'notice' && message.notice.method === 'configWarning')
      return this.#heed(message.notice.params);
    return this.#route(message);
  }

  // Once they could be read, only this folder's own can be the cause, which is no reason to end the others' process.
  #doubt(error: unknown): void {
    const { message } = toAppError(error);
    if (!this.#isSound) this.#heed({ summary: message, details: message, path: null });
    if (this.#failure === undefined) throw error;
  }

  // Settings that cannot be read are replaced by defaults, another provider and account among them.
  #heed({ summary, details, path }: Extract<Notice, { method: 'configWarning' }>['params']): void {
    if (!/invalid configuration/i.test(summary)) return;
    const where = path == null ? 'its config.toml' : path;
    const message = `Codex cannot read ${where}: ${(details ?? summary).slice(0, 500)}. Correct it and start again.`;
    this.#failure = { kind: 'invalid-input', message };
    void this.stop();
  }

  #route(message: Message): void | Promise<void> {
    const owner = this.#routes.find(message);
    if (owner !== undefined) return this.#hand(message, owner);
    if (message.type === 'request') return void this.refuse(message.id, 'Nobody here can answer this').catch(() => {});
    if (toThread(message) === undefined) return this.#handToAll(message);
    if (message.type !== 'silent') this.#routes.hold(message);
    return undefined;
  }

  #hand(message: Message, owner: Listener): void | Promise<void> {
    owner.touch();
    switch (message.type) {
      case 'notice':
        return owner.take(message.notice);
      case 'request':
        if (message.request !== undefined) return owner.takeRequest(message.id, message.request);
        this.refuse(message.id, `Baton does not answer "${message.method}"`).catch(() => {});
        return owner.takeUnknown({ method: message.method });
      case 'unknown':
        return owner.takeUnknown(message.payload);
      default:
        return undefined;
    }
  }

  #handToAll(message: Message): void {
    for (const session of this.#sessions) void this.#hand(message, session);
  }

  #tellAll(line: string): void {
    const text = toLogLine(line);
    if (text !== undefined) for (const session of this.#sessions) session.takeLog(text);
  }

  #write(line: string): Promise<void> {
    if (this.#socket === undefined || this.#hasExited) return Promise.reject(new NotWritten('Codex does not run'));
    return this.#socket.send(line);
  }

  async #takeExit({ code, signal, lastErrors }: ProcessExit): Promise<void> {
    this.#hasExited = true;
    // What it said last comes before its end, however long it takes to take it.
    await this.#socket?.drain(SETTLE_MS);
    await this.#endpoint?.remove().catch(() => undefined);
    const said = lastErrors
      .map(toLogLine)
      .filter((line) => line !== undefined)
      .slice(-5)
      .join('; ');
    this.#failure ??= toExitFailure({ code, signal, said });
    this.#connection.close(new AppError(this.#failure.kind, this.#failure.message));
    this.#options.onExit();
    for (const session of this.#sessions) session.takeExit({ code, signal, failure: this.#failure });
    this.#sessions.clear();
    this.#over.resolve();
  }
}

// `baton/0.169.0 (Debian 12.0.0; x86_64) unknown (baton; 1)`: the client's name, and its own version.
function toVersion(userAgent: string): string {
  return /^[^/]*\/(\d+\.\d+\.\d+\S*)/.exec(userAgent)?.[1] ?? 'unknown';
}
