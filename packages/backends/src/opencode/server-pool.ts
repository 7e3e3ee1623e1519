import { type OpencodeServer, startServer } from './server.ts';
import type { OpencodeSettings } from './settings.ts';

/** A session's share of a server. */
export interface ServerLease {
  server: OpencodeServer;
  /** Gives the share back. What only this session needed of its folder is let go; the server is kept a while for the next. */
  release(): Promise<void>;
}

/** Servers by what tells them apart: their environment. Sessions with an equal one share a server. */
export interface ServerPool {
  /** Rejects with an `AppError` when the server cannot be started. */
  acquire(env: Readonly<Record<string, string>>, folder: string): Promise<ServerLease>;
  /** Ends every server. */
  close(): Promise<void>;
}

interface Entry {
  starting: Promise<OpencodeServer>;
  /** A folder for each share. */
  folders: string[];
  cancelIdle: (() => void) | undefined;
}

const DISPOSE_MS = 3000;

export function createServerPool(settings: OpencodeSettings): ServerPool {
  const entries = new Map<string, Entry>();

  function enter(env: Readonly<Record<string, string>>, key: string): Entry {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { starting: startServer(settings, env), folders: [], cancelIdle: undefined };
    entries.set(key, entry);
    entry.starting.then(
      (server) => server.listen({ onEvent() {}, onGap() {}, onStderrLine() {}, onExit: () => forget(key, entry) }),
      () => forget(key, entry),
    );
    return entry;
  }

  function forget(key: string, entry: Entry): void {
    entry.cancelIdle?.();
    if (entries.get(key) === entry) entries.delete(key);
  }

  async function leave(key: string, entry: Entry, folder: string): Promise<void> {
    entry.folders.splice(entry.folders.indexOf(folder), 1);
    const server = await entry.starting;
    if (server.hasExited) return;
    if (entry.folders.length === 0) {
      entry.cancelIdle = settings.clock.after(settings.bounds.idleMs, () => {
        forget(key, entry);
        void server.stop();
      });
    }
    if (entry.folders.includes(folder)) return;
    // Language and MCP servers of a folder that nobody works in any more.
    const request = { directory: folder, timeoutMs: DISPOSE_MS };
    await server.api.send('/instance/dispose', request).catch(() => {});
  }

  return {
    async acquire(env, folder) {
      const key = toKey(env);
      const entry = enter(env, key);
      entry.cancelIdle?.();
      entry.cancelIdle = undefined;
      entry.folders.push(folder);
      const server = await entry.starting;
      let isReleased = false;
      return {
        server,
        async release() {
          if (isReleased) return;
          isReleased = true;
          await leave(key, entry, folder);
        },
      };
    },
    async close() {
      const all = [...entries.values()];
      entries.clear();
      await Promise.all(
        all.map(async ({ starting, cancelIdle }) => {
          cancelIdle?.();
          const server = await starting.catch(() => undefined);
          await server?.stop();
        }),
      );
    },
  };
}

function toKey(env: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1)));
}
