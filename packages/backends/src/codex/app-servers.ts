import { createHash } from 'node:crypto';
import { AppError } from '@baton/protocol';
import { AppServer, type AppServerOptions } from './app-server.ts';
import type { Listener } from './listener.ts';
import { removeDeadSockets } from './endpoint.ts';
import { prepareHome, readSetup, toUserHome } from './home.ts';
import { toArguments, toCodexEnvironment, toKeyNames, toProvider, hasStance } from './launch.ts';
import { findCodex } from './program.ts';
import { canSandbox } from './sandbox.ts';
import type { CodexSettings } from './settings.ts';

type Launch = Pick<AppServerOptions, 'path' | 'args' | 'cwd' | 'env'>;

interface Running {
  server: AppServer;
  /** Rejects with the reason when it does not run. */
  started: Promise<void>;
}

/** A running Codex for one session. */
export interface Lease {
  server: AppServer;
  canSandbox: boolean;
  /** Whether the environment names the provider. */
  hasProvider: boolean;
  /** Whether the user's settings speak of how far Codex may go. */
  hasStance: boolean;
}

/**
 * One process for all sessions that want the same: program, environment, login and settings. It is started for the
 * first of them and ends some time after the last.
 */
export class AppServers {
  readonly #settings: CodexSettings;
  readonly #running = new Map<string, Running>();
  /** With what resolves when it runs, or does not; it never rejects. */
  readonly #all = new Map<AppServer, Promise<unknown>>();
  readonly #swept = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(settings: CodexSettings) {
    this.#settings = settings;
  }

  /** A process that the session has joined. It must be given back with `release`, unless it has exited. */
  async lease(session: Listener, sessionEnv: Readonly<Record<string, string>>): Promise<Lease> {
    const { executable, env: serverEnv, dataDir } = this.#settings;
    const first = toCodexEnvironment(serverEnv, sessionEnv);
    const userHome = toUserHome(first);
    const [setup, path] = await Promise.all([readSetup(userHome), findCodex(executable, first)]);
    const env = toCodexEnvironment(serverEnv, sessionEnv, toKeyNames(setup.config));
    const home = await prepareHome(dataDir, userHome, setup);
    const withHome = { ...env, CODEX_HOME: home };
    const args = toArguments(env, setup);
    const key = toKey([path, withHome, args, setup]);
    const sandboxed = canSandbox(path, withHome);
    const server = await this.#get(key, { path, args, cwd: home, env: withHome });
    server.join(session);
    const isSandboxed = await sandboxed;
    const hasProvider = toProvider(env, setup) !== undefined;
    return { server, canSandbox: isSandboxed, hasProvider, hasStance: hasStance(setup) };
  }

  release(server: AppServer, session: Listener): void {
    server.leave(session);
    this.#settings.clock.after(this.#settings.bounds.idleMs, () => {
      if (server.sessions === 0) void this.#end(server);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all.keys()].map((server) => this.#end(server)));
  }

  async #get(key: string, launch: Launch): Promise<AppServer> {
    const known = this.#running.get(key);
    if (known !== undefined) {
      await known.started;
      if (known.server.isAlive) return known.server;
      // Somebody else may have found out first and started the next.
      if (this.#running.get(key) !== known) return this.#get(key, launch);
    }
    if (this.#isClosed) throw new AppError('agent-exited', 'Baton is closing');
    const running = this.#start(key, launch);
    this.#running.set(key, running);
    await running.started;
    return running.server;
  }

  #start(key: string, launch: Launch): Running {
    const forget = () => {
      this.#all.delete(server);
      if (this.#running.get(key)?.server === server) this.#running.delete(key);
    };
    const server: AppServer = new AppServer({ ...launch, settings: this.#settings, onExit: forget });
    const started = this.#sweep(launch.cwd).then(() => server.start());
    this.#all.set(server, started.catch(forget));
    return { server, started };
  }

  // An earlier life of this server may have been killed with its processes. Before the first of this one begins to listen.
  #sweep(home: string): Promise<void> {
    const swept = this.#swept.get(home) ?? removeDeadSockets(home);
    this.#swept.set(home, swept);
    return swept;
  }

  // Whoever asks for one while it ends gets a new one.
  async #end(server: AppServer): Promise<void> {
    for (const [key, running] of this.#running) if (running.server === server) this.#running.delete(key);
    const started = this.#all.get(server);
    await server.stop();
    await started;
  }
}

function toKey(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
