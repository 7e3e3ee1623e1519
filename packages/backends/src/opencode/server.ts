import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { AppError } from '@baton/protocol';
import { type AgentProcess, type ProcessExit, startProcess } from '@baton/runner';
import { type OpencodeApi, createApi } from './api.ts';
import { type EventStream, type FolderEvent, openEventStream } from './event-stream.ts';
import { SERVE_ARGUMENTS, toListeningUrl } from './launch.ts';
import { findOpencode } from './program.ts';
import type { OpencodeSettings } from './settings.ts';
import { healthSchema } from './wire.ts';

/** What a session hears from the server it shares with others. */
export interface ServerEars {
  onEvent(event: FolderEvent): void | Promise<void>;
  /** Events may have been missed. */
  onGap(): void;
  onStderrLine(text: string): void;
  /** The last it hears. */
  onExit(exit: ProcessExit): void;
}

/** One `opencode serve` process. */
export interface OpencodeServer {
  readonly pid: number;
  readonly version: string;
  readonly url: string;
  readonly api: OpencodeApi;
  readonly hasExited: boolean;
  /** The returned function ends it. */
  listen(ears: ServerEars): () => void;
  /** Ends it with all it started. Idempotent. */
  stop(): Promise<void>;
}

// A word for many sessions, where the marker of others names one.
const SHARED = 'opencode';
// A first request may be lost for good, a slow machine needs longer: each try waits twice as long as the one before.
const FIRST_HEALTH_MS = 1500;

/** Starts a server and waits until it answers and its events flow. Rejects with an `AppError`; nothing is left running then. */
export async function startServer(
  settings: OpencodeSettings,
  env: Readonly<Record<string, string>>,
): Promise<OpencodeServer> {
  const path = await findOpencode(settings.executable, env);
  const server = new RunningServer(settings);
  try {
    await server.start(path, env);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class RunningServer implements OpencodeServer {
  readonly #settings: OpencodeSettings;
  readonly #ears = new Set<ServerEars>();
  readonly #listening = Promise.withResolvers<string>();
  #process: AgentProcess | undefined;
  #stream: EventStream | undefined;
  #api: OpencodeApi | undefined;
  #url = '';
  #version = 'unknown';
  #hasExited = false;

  constructor(settings: OpencodeSettings) {
    this.#settings = settings;
    this.#listening.promise.catch(() => {});
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get url(): string {
    return this.#url;
  }

  get version(): string {
    return this.#version;
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  get api(): OpencodeApi {
    if (this.#api === undefined) throw new AppError('agent-exited', 'OpenCode does not run');
    return this.#api;
  }

  async start(path: string, env: Readonly<Record<string, string>>): Promise<void> {
    const { serverMarker, bounds, clock } = this.#settings;
    const password = randomBytes(24).toString('base64url');
    this.#process = await startProcess({
      command: path,
      args: SERVE_ARGUMENTS,
      // Every request names its folder.
      cwd: tmpdir(),
      env: { ...env, OPENCODE_SERVER_PASSWORD: password },
      marker: { session: SHARED, server: serverMarker },
      leashed: true,
      bounds: bounds.stop,
      onLine: (line) => this.#takeLine(line),
      onOverlongLine: () => {},
      onStderrLine: (text) => this.#tell((ears) => ears.onStderrLine(text)),
      onExit: (exit) => this.#takeExit(exit),
    });
    const cancel = clock.after(bounds.listenMs, () => this.#listening.reject(toLate(bounds.listenMs)));
    try {
      this.#url = await this.#listening.promise;
    } finally {
      cancel();
    }
    this.#api = createApi({ url: this.#url, password, timeoutMs: bounds.requestMs });
    await this.#awaitHealth(this.#api);
    this.#stream = openEventStream({
      api: this.#api,
      clock,
      streamMs: bounds.streamMs,
      onEvent: (event) => this.#passOn(event),
      onGap: () => this.#tell((ears) => ears.onGap()),
    });
    await this.#stream.ready;
  }

  listen(ears: ServerEars): () => void {
    this.#ears.add(ears);
    return () => this.#ears.delete(ears);
  }

  async stop(): Promise<void> {
    this.#stream?.close();
    await this.#process?.stop();
  }

  #takeLine(line: string): void {
    const url = toListeningUrl(line);
    if (url !== undefined) this.#listening.resolve(url);
  }

  async #awaitHealth(api: OpencodeApi): Promise<void> {
    for (let timeoutMs = FIRST_HEALTH_MS; ; timeoutMs *= 2) {
      try {
        this.#version = (await api.read('/global/health', healthSchema, { timeoutMs })).version;
        return;
      } catch (error) {
        if (timeoutMs >= this.#settings.bounds.listenMs / 2 || this.#hasExited) throw error;
      }
    }
  }

  // The stream is shared: the slowest of those an event is for sets its pace.
  async #passOn(event: FolderEvent): Promise<void> {
    for (const ears of this.#ears) await ears.onEvent(event);
  }

  #tell(tell: (ears: ServerEars) => void): void {
    for (const ears of [...this.#ears]) tell(ears);
  }

  #takeExit(exit: ProcessExit): void {
    this.#hasExited = true;
    this.#stream?.close();
    this.#listening.reject(toStartFailure(exit));
    this.#tell((ears) => ears.onExit(exit));
    this.#ears.clear();
  }
}

function toLate(ms: number): AppError {
  return new AppError(
    'agent-unresponsive',
    `OpenCode did not begin to listen within ${Math.round(ms / 1000)} s. Try again`,
  );
}

function toStartFailure({ code, signal, lastErrors }: ProcessExit): AppError {
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const said = lastErrors
    .filter((line) => !line.startsWith('Warning:'))
    .slice(-5)
    .join('; ')
    .slice(0, 500);
  const why = said === '' ? '' : `: ${said}`;
  return new AppError(
    'agent-exited',
    `OpenCode ended ${how} before it listened${why}. Mend that and start the session again`,
  );
}
