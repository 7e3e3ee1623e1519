import type { OpenOptions } from '@baton/core';
import { abortWhenBegun } from './abort-when-begun.ts';
import { type OpencodeServer, startServer } from './server.ts';
import type { OpencodeSettings } from './settings.ts';

/** A session's share of a server. */
export interface ServerLease {
  server: OpencodeServer;
  /**
   * Gives the share back. What only this session needed of its folder is let go; the server is kept a while for the next.
   * `unbegun` is a conversation with a prompt that may still begin and that nobody wants any more: a server that nobody else
   * needs ends then, and on one that others share it is aborted when it begins.
   */
  release(state: { unbegun: string | undefined }): Promise<void>;
}

/** The folder, and the conversation that is gone on with there. */
export type Wanted = Pick<OpenOptions, 'cwd' | 'nativeId' | 'branch'>;

/** Servers by what tells them apart: their environment. Sessions with an equal one share a server. */
export interface ServerPool {
  /** Rejects with an `AppError` when the server cannot be started. */
  acquire(env: Readonly<Record<string, string>>, wanted: Wanted): Promise<ServerLease>;
  /** Ends every server. */
  close(): Promise<void>;
}

export function createServerPool(settings: OpencodeSettings): ServerPool {
  const servers = new Map<string, SharedServer>();

  function find(env: Readonly<Record<string, string>>): SharedServer {
    const key = toKey(env);
    const known = servers.get(key);
    if (known !== undefined) return known;
    const shared: SharedServer = new SharedServer(settings, env, () => {
      if (servers.get(key) === shared) servers.delete(key);
    });
    servers.set(key, shared);
    return shared;
  }

  return {
    acquire: (env, wanted) => find(env).take(wanted),
    async close() {
      await Promise.all([...servers.values()].map((shared) => shared.stop()));
    },
  };
}

function toKey(env: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const DISPOSE_MS = 3000;

class SharedServer {
  readonly #settings: OpencodeSettings;
  readonly #starting: Promise<OpencodeServer>;
  /** Nobody may take a share any more. */
  readonly #onGone: () => void;
  /** A folder for each share. */
  readonly #folders: string[] = [];
  /** Folders that are being let go; whoever comes to one meanwhile waits. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** By conversation: what waits for prompts that nobody wants any more. Each ends the one that waits. */
  readonly #guards = new Map<string, () => void>();
  #cancelIdle: (() => void) | undefined;

  constructor(settings: OpencodeSettings, env: Readonly<Record<string, string>>, onGone: () => void) {
    this.#settings = settings;
    this.#onGone = onGone;
    this.#starting = startServer(settings, env);
    this.#starting.then((server) => {
      server.listen({ onEvent() {}, onGap() {}, onStderrLine() {}, onExit: () => this.#leave() });
      // It may have ended before anybody listened.
      if (server.hasExited) this.#leave();
    }, onGone);
  }

  async take({ cwd: folder, nativeId, branch }: Wanted): Promise<ServerLease> {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    this.#folders.push(folder);
    // Whoever goes on with a conversation sees what begins in it. A fork is another one.
    this.#unguard(branch?.kind === 'rewind' ? branch.nativeId : nativeId);
    const server = await this.#starting;
    await this.#leaving.get(folder);
    let released: Promise<void> | undefined;
    return {
      server,
      release: ({ unbegun }) => {
        released ??= this.#giveBack(server, { folder, unbegun });
        return released;
      },
    };
  }

  async stop(): Promise<void> {
    this.#leave();
    const server = await this.#starting.catch(() => undefined);
    await server?.stop();
  }

  #leave(): void {
    this.#cancelIdle?.();
    this.#onGone();
  }

  #unguard(nativeId: string | undefined): void {
    if (nativeId === undefined) return;
    this.#guards.get(nativeId)?.();
    this.#guards.delete(nativeId);
  }

  async #giveBack(
    server: OpencodeServer,
    { folder, unbegun }: { folder: string; unbegun: string | undefined },
  ): Promise<void> {
    this.#folders.splice(this.#folders.indexOf(folder), 1);
    if (server.hasExited) return;
    if (this.#folders.length === 0 && unbegun !== undefined) return this.stop();
    if (unbegun !== undefined) {
      this.#unguard(unbegun);
      this.#guards.set(unbegun, abortWhenBegun({ server, nativeId: unbegun, folder }, this.#settings));
    }
    if (this.#folders.length === 0) {
      const { clock, bounds } = this.#settings;
      this.#cancelIdle = clock.after(bounds.idleMs, () => void this.stop());
    }
    if (this.#folders.includes(folder)) return;
    // Language and MCP servers of a folder that nobody works in any more.
    const request = { directory: folder, timeoutMs: DISPOSE_MS };
    const leaving = server.api.send('/instance/dispose', request).catch(() => {});
    this.#leaving.set(folder, leaving);
    await leaving;
    if (this.#leaving.get(folder) === leaving) this.#leaving.delete(folder);
  }
}
