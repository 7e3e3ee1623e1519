import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createEngine, type Engine, type EventStore, type RecordStore } from '@baton/core';
import { createMemoryRecords, createMemoryStore } from '@baton/store';
import { createScriptedBackend, type ScriptedBackend, type ScriptedBackendOptions } from '@baton/testkit';
import { onTestFinished } from 'vitest';
import { type AgentRegistry, type AgentSources, createAgentRegistry } from '../src/agents/agent-registry.ts';
import { type Authority, createAuthority } from '../src/auth/authority.ts';
import { openBrowserSessions } from '../src/auth/browser-sessions.ts';
import { systemClock } from '../src/clock.ts';
import { createFeatures, type Features } from '../src/compose-features.ts';
import { createRoots } from '../src/folder/roots.ts';
import { silentLog } from '../src/log/log.ts';
import { createServer, type Server, type ServerParts } from '../src/serve.ts';
import { type Limits, readSettings, type Settings } from '../src/settings.ts';
import { type Answer, type Asked, request } from './raw-request.ts';

export const OWNER_KEY = 'baton_test_owner_key_0123456789';

const STORE_NUMBERS = {
  ...{ commits: 3, lastCommitMs: 1.5, queued: 0, faults: 0 },
  ...{ sessions: 2, archived: 1, events: 40, bytes: 8192, freeBytes: 4096 },
};

export interface TestServer {
  url: string;
  port: number;
  server: Server;
  engine: Engine;
  store: EventStore;
  authority: Authority;
  scripted: ScriptedBackend;
  registry: AgentRegistry;
  /** An existing folder inside the roots, by its real path. */
  folder: string;
  /** With the owner's key, unless `headers` say otherwise. */
  ask(path: string, asked?: Asked): Promise<Answer>;
  /** Without any identity. */
  askAsNobody(path: string, asked?: Asked): Promise<Answer>;
}

export interface TestServerOptions {
  clock?: Clock;
  settings?: Partial<Settings>;
  limits?: Partial<Limits>;
  scripted?: ScriptedBackendOptions;
  /** Agents beside the scripted one. */
  agents?: Partial<AgentSources>;
  /** Whether the store takes writes; default: it does. */
  isWritable?(): boolean;
  /** Default: agents run in the server. */
  readRunners?: ServerParts['readRunners'];
  /** What features keep; default: a new store in memory. */
  records?: RecordStore;
  /** What features could not do. */
  onFault?(error: unknown): void;
  /** Default: as many agents run as are asked for. */
  agentLimits?: { inAll: number; perUser: number };
}

/** The real transports and engine over the memory store, on a port of its own. Closed when the test ends. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? systemClock;
  const folder = makeFolder();
  const settings = toSettings(folder, options);
  const store = createMemoryStore();
  const scripted = createScriptedBackend(options.scripted);
  const roots = createRoots(settings.roots);
  const registry = createAgentRegistry({
    ...{ dataDir: settings.dataDir, env: settings.env, sources: [], known: [], hasTerminal: async () => true },
    createConfigured: ({ id, title }) => ({
      ...scripted.backend,
      ...{ id, title, probe: async () => ({ ...(await scripted.backend.probe()), id, title }) },
    }),
    ...options.agents,
  });
  const backends = () => [scripted.backend, ...registry.list()];
  const engine = createEngine({
    ...{ store, clock, backends, resolveFolder: roots.resolveFolder },
    beforeTurn: (turn) => features.beforeTurn(turn),
    agentLimits: options.agentLimits,
  });
  const features: Features = createFeatures({
    ...{ settings, engine, clock, roots, backends },
    records: options.records ?? createMemoryRecords(),
    upkeep: { trimRaw: async () => ({ events: 0, bytes: 0 }), tidy: async () => undefined },
    onFault: options.onFault ?? (() => undefined),
  });
  await features.start();
  const browserSessions = openBrowserSessions(':memory:', clock);
  const authority = createAuthority({ ownerKey: OWNER_KEY, browserSessions, clock, limits: settings.limits });
  const parts = {
    settings,
    version: '0.0.0-test',
    engine,
    authority,
    clock,
    log: silentLog,
    roots,
    registry,
    features,
  };
  const server = createServer({
    ...parts,
    storeStats: () => STORE_NUMBERS,
    isWritable: options.isWritable ?? (() => true),
    ...{ readRunners: options.readRunners ?? (() => undefined), examine: async () => [] },
  });
  const { url, port } = await server.listen();
  onTestFinished(async () => {
    await features.stop();
    await engine.stop();
    await server.close();
    await store.close();
    browserSessions.close();
  });
  const askAsNobody = (path: string, asked: Asked = {}) => request(port, path, asked);
  const ask = (path: string, asked: Asked = {}) =>
    askAsNobody(path, { ...asked, headers: { authorization: `Bearer ${OWNER_KEY}`, ...asked.headers } });
  return { url, port, server, engine, store, authority, scripted, registry, folder, ask, askAsNobody };
}

function toSettings(folder: string, options: TestServerOptions): Settings {
  const env = { BATON_PORT: '0', BATON_ROOTS: folder, BATON_DATA: folder, HOME: folder, PATH: process.env.PATH };
  const settings = readSettings(env, { automaticCheckpoints: false, warmAgents: 0, ...options.settings });
  return { ...settings, limits: { ...settings.limits, ...options.limits } };
}

/** A new empty folder by its real path, gone after the test. */
export function makeFolder(...inner: string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-server-')));
  for (const name of inner) mkdirSync(join(folder, name), { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
