import type { AddressInfo } from 'node:net';
import type { Clock, Engine } from '@baton/core';
import { AppError, createId, type Finding } from '@baton/protocol';
import { toServerMarker } from '@baton/runner';
import type { AgentRegistry } from './agents/agent-registry.ts';
import { createAgentWorks } from './agents/agent-works.ts';
import type { Authority } from './auth/authority.ts';
import type { Features } from './compose-features.ts';
import { createFileFinder } from './folder/find-files.ts';
import type { Roots } from './folder/roots.ts';
import { createApp } from './http/app.ts';
import { createDocumentHandlers } from './http/documents.ts';
import { createEventHandlers } from './http/events.ts';
import { createFolderHandlers } from './http/folders.ts';
import { createGate } from './http/gate.ts';
import { createHealthHandlers } from './http/health.ts';
import { createIdentityHandlers } from './http/identity.ts';
import { createInboxHandlers } from './http/inbox.ts';
import { createPages } from './http/pages.ts';
import { registerRoutes } from './http/register.ts';
import { createQueueHandlers } from './http/queue.ts';
import { createSessionHandlers } from './http/sessions.ts';
import { createAgentWatch } from './limits/agent-watch.ts';
import type { Log } from './log/log.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { Settings } from './settings.ts';
import { createLiveSockets } from './socket/live.ts';
import { createAgentMeter } from './status/agent-meter.ts';
import { createStatusBoard } from './status/status-board.ts';
import { createStatusReader, type StoreNumbers } from './status/status-reader.ts';
import type { RunnersNow } from './runner/create-runner-host.ts';
import type { EventStream } from './stream/event-stream.ts';

export interface ServerParts {
  settings: Settings;
  version: string;
  engine: Engine;
  authority: Authority;
  clock: Clock;
  log: Log;
  roots: Roots;
  registry: AgentRegistry;
  features: Pick<Features, 'handlers'>;
  /** Undefined where agents run in this process. */
  readRunners(): RunnersNow | undefined;
  /** Numbers of the store, for the metrics and the status. */
  storeStats(): StoreNumbers;
  /** Whether the last write of the store succeeded. */
  isWritable(): boolean;
  /** Reads all that is kept, and says what is broken. */
  examine(): Promise<Finding[]>;
}

/** The transports over one engine: HTTP, server-sent events and live sockets. */
export interface Server {
  /** Resolves with the address when requests are taken. */
  listen(): Promise<{ host: string; port: number; url: string }>;
  /** From now on new work is refused with `shutting-down`; what is open goes on, so that everyone sees how work ends. */
  refuseWork(): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

const CLOSE_MS = 2000;

export function createServer(parts: ServerParts): Server {
  const { settings, engine, authority, clock, log, roots, registry } = parts;
  let stopping = false;
  const isStopping = () => stopping;
  const gate = createGate({ hosts: [settings.host, ...settings.allowedHosts] });
  const streams = new Set<EventStream>();
  const agents = createAgentWorks({ engine, registry, settings, gate, authority, clock, log, isStopping });
  const { limits } = settings;
  const counts = { sockets: () => live.size, streams: () => streams.size };
  const { status, board, metrics, watch } = createGauges(parts, counts);
  const live = createLiveSockets({
    ...{ engine, clock, gate, authority, log, isStopping, board },
    serverId: createId('server'),
    version: parts.version,
    limits,
  });
  const pages = createPages(settings.webDir);
  const app = createApp({ gate, authority, log, metrics, isStopping, servePage: pages.serve });
  registerRoutes(app, {
    ...createIdentityHandlers(authority),
    ...createSessionHandlers(engine),
    ...createQueueHandlers(engine),
    ...createEventHandlers({ engine, clock, leases: authority.leases, maxStreams: limits.maxStreams, streams }),
    ...createInboxHandlers(engine),
    ...agents.handlers,
    ...createFolderHandlers({ engine, roots, finder: createFileFinder(clock) }),
    ...parts.features.handlers,
    ...createHealthHandlers({ ...parts, status }),
    ...createDocumentHandlers({ engine, metrics, version: parts.version, newest: agents.newest }),
  });
  app.server.on('upgrade', (request, socket, head) => {
    if (agents.terminals.takes(request)) agents.terminals.upgrade(request, socket, head);
    else live.upgrade(request, socket, head);
  });

  return {
    async listen() {
      await listenOrExplain(() => app.listen({ host: settings.host, port: settings.port }), settings);
      const { port } = app.server.address() as AddressInfo;
      authority.cookieName = `baton_session_${port}`;
      return { host: settings.host, port, url: toUrl(settings.host, port) };
    },
    refuseWork() {
      stopping = true;
      watch.close();
    },
    async close() {
      stopping = true;
      watch.close();
      for (const stream of streams) stream.end();
      board.close();
      await agents.close();
      await live.close();
      const giveUp = setTimeout(() => app.server.closeAllConnections(), CLOSE_MS);
      await app.close();
      clearTimeout(giveUp);
    },
  };
}

interface Counts {
  sockets(): number;
  streams(): number;
}

/** What tells how the server does: to a scrape, to whoever asks, and to whoever watches; and what watches over its agents. */
function createGauges(parts: ServerParts, counts: Counts) {
  const { engine, clock, log, settings, storeStats, isWritable, readRunners } = parts;
  const { dataDir } = settings;
  const meter = createAgentMeter({ engine, clock, dataDir });
  const status = createStatusReader({
    ...{ engine, clock, meter, dataDir, store: storeStats, isWritable, readRunners },
    ...counts,
  });
  const board = createStatusBoard({ reader: status, clock, log });
  const metrics = createMetrics({
    ...counts,
    engine: () => engine.stats(),
    store: () => ({ ...storeStats() }),
    status: () => status.read(),
  });
  const serverMarker = toServerMarker(dataDir);
  const watch = createAgentWatch({ engine, meter, clock, log, serverMarker, limits: settings.agentUse });
  return { status, board, metrics, watch };
}

async function listenOrExplain(listen: () => Promise<string>, { host, port }: Settings): Promise<void> {
  try {
    await listen();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const why = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
    throw new AppError('conflict', `Cannot listen on ${host}:${port}: ${why}`, {}, { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port. Stop it, or set BATON_PORT to another one',
  EACCES: 'the system does not allow this port. Set BATON_PORT to one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address. Set BATON_HOST to one that it has',
};

// An address to listen on that stands for all of them is no address to open.
function toUrl(host: string, port: number): string {
  const open = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${open.includes(':') && !open.startsWith('[') ? `[${open}]` : open}:${port}`;
}
