import { hasRunner, startServer, readSettings } from '@baton/server';
import type { Context } from '../context.ts';
import { findServer, toEnvironment, type ServerAddress, type ServerFlags } from './find-server.ts';
import { toProgram } from './to-program.ts';

export interface BorrowedServer extends ServerAddress {
  /** True when it was started for this command and ends with it. */
  isOwn: boolean;
  release(): Promise<void>;
}

/** The running server, or one started in this process on any free port, over the same data, until it is released. */
export async function borrowServer(context: Context, flags: ServerFlags): Promise<BorrowedServer> {
  const found = await findServer(context, flags);
  if (found !== undefined) return { ...found, isOwn: false, release: () => Promise.resolve() };
  const settings = readSettings(toEnvironment(context, flags.data), { host: '127.0.0.1', port: 0, logLevel: 'error' });
  // Agents that outlived a server work on, now and after this command, for the next server to take up.
  const outlived = await hasRunner(settings.dataDir);
  // Whoever types a command in a folder may work there.
  const server = await startServer(
    { ...settings, roots: [...settings.roots, context.cwd] },
    outlived ? { runner: toProgram('runner') } : {},
  );
  const release = () => server.stop({ agents: outlived ? 'leave' : 'end' });
  return { url: server.url, key: server.ownerKey, isOwn: true, release };
}
