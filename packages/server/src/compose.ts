import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AgentHost, createEngine, createLocalHost, type Engine } from '@baton/core';
import { endOrphans, toServerMarker } from '@baton/runner';
import { fileURLToPath } from 'node:url';
import { AppError, isAppError } from '@baton/protocol';
import {
  type BackupReport,
  openSqliteStore,
  restoreDatabase,
  type RestoreReport,
  type SqliteStore,
} from '@baton/store';
import type { AgentRegistry } from './agents/agent-registry.ts';
import { createAuthority } from './auth/authority.ts';
import { openBrowserSessions } from './auth/browser-sessions.ts';
import { readOwnerKey } from './auth/owner-key.ts';
import { systemClock } from './clock.ts';
import { openDataDir } from './data/data-dir.ts';
import { type DataLock, lockDataDir } from './data/lock.ts';
import { createRoots, type Roots } from './folder/roots.ts';
import { createAgents } from './compose-backends.ts';
import { examineData } from './compose-data.ts';
import { createFeatures, type Features } from './compose-features.ts';
import { catchFaults } from './last-resort.ts';
import { createLog, type Log } from './log/log.ts';
import { createRehearsals } from './rehearsal/rehearsal-models.ts';
import { createRunnerHost, type RunnerHost } from './runner/create-runner-host.ts';
import { toRunnerSettings } from './runner/runner-settings.ts';
import { toOwnMarker } from './runner/to-runner-marker.ts';
import { createServer } from './serve.ts';
import type { Settings } from './settings.ts';
import { createShutdown, type StopOptions } from './shutdown.ts';
import { createStoreHealth, type StoreHealth } from './store-health.ts';
import { VERSION } from './version.ts';

/** The pages as they are built; beside the bundle, once there is one. */
const WEB_DIR = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface RunningServer {
  /** Where the API and the pages are, without a slash at the end. */
  url: string;
  host: string;
  port: number;
  ownerKey: string;
  /** Opening it signs a browser in. Whoever has it owns the server. */
  link: string;
  /**
   * Ends agents, or leaves those at work that outlive this process, tells clients, closes the log, in this order and within
   * bounds. Idempotent.
   */
  stop(options?: StopOptions): Promise<void>;
}

/**
 * Starts a whole server: the composition root, and the one place that names concrete adapters.
 *
 * Rejects with an `AppError` when the data folder is in use, the port is taken, or the database cannot be opened;
 * nothing is left open then.
 */
export async function startServer(settings: Settings, options: StartOptions = {}): Promise<RunningServer> {
  openDataDir(settings.dataDir);
  const lock = lockDataDir(settings.dataDir);
  const undo: (() => unknown)[] = [() => lock.release()];
  try {
    return await assemble(settings, {
      lock,
      undo,
      stderr: options.stderr ?? process.stderr,
      ownsProcess: options.ownsProcess ?? true,
      runner: options.runner,
    });
  } catch (cause) {
    for (const step of undo.reverse()) await step();
    throw cause;
  }
}

interface Output {
  write(text: string): unknown;
}

export interface StartOptions {
  /** Where warnings for people go; default: the process's own. */
  stderr?: Output;
  /** Whether what nobody caught in this process ends the server in order and then the process; default true. */
  ownsProcess?: boolean;
  /**
   * The program, with its arguments, that becomes the runner (see `runRunner`), in which agents outlive this process. Absent:
   * they run in this process.
   */
  runner?: readonly [string, ...string[]] | undefined;
}

interface Assembly {
  lock: DataLock;
  /** Closes what was opened so far, when a later step fails. */
  undo: (() => unknown)[];
  stderr: Output;
  ownsProcess: boolean;
  runner: StartOptions['runner'];
}

async function assemble(settings: Settings, assembly: Assembly): Promise<RunningServer> {
  const { lock, undo, stderr, ownsProcess, runner } = assembly;
  const { dataDir } = settings;
  const ownerKey = settings.ownerKey ?? readOwnerKey(dataDir);
  const log = createLog({ dataDir, level: settings.logLevel, secrets: [ownerKey], stderr });
  const health = createStoreHealth();
  const store = openStore(dataDir, { health, log });
  undo.push(() => store.close());
  const browserSessions = openBrowserSessions(join(dataDir, 'browser-sessions.db'), systemClock);
  undo.push(() => browserSessions.close());
  const rehearsals = createRehearsals();
  undo.push(() => rehearsals.close());
  const roots = createRoots(settings.roots);
  const registry = createAgents(settings, { rehearsal: rehearsals, serverMarker: toOwnMarker(dataDir) });
  const host = createHost({ settings, registry, log, runner });
  const { engine, features } = createWorks({ settings, store, registry, roots, log, host });
  undo.push(() => engine.stop({ agents: 'leave' }));
  undo.push(() => features.stop());
  await recover(engine, log);
  await features.start();
  const server = createServer({
    settings: { ...settings, webDir: settings.webDir ?? WEB_DIR },
    version: VERSION,
    engine,
    registry,
    authority: createAuthority({ ownerKey, browserSessions, clock: systemClock, limits: settings.limits }),
    roots,
    features,
    clock: systemClock,
    log,
    readRunners: () => ('readRunners' in host ? host.readRunners() : undefined),
    storeStats: () => ({ ...store.stats(), ...store.measure() }),
    isWritable: health.isWritable,
    examine: () => examineData({ dataDir, isServed: true }),
  });
  const address = await server.listen();
  lock.announce({ pid: process.pid, url: address.url, startedAt: new Date().toISOString(), version: VERSION });
  log.info({ url: address.url, version: VERSION, dataDir }, 'Started');
  // Known by the time somebody asks, but after the first answers, which it would hold up.
  const looking = setTimeout(() => void engine.listBackends(), LOOK_AFTER_MS).unref();
  const stop = createShutdown({
    ...{ server, engine, features, log },
    close: [
      () => clearTimeout(looking),
      () => registry.close(),
      () => rehearsals.close(),
      () => store.close(),
      () => browserSessions.close(),
      () => lock.release(),
      () => releaseProcess(),
    ],
  });
  // The agents are not to suffer for what the server did.
  const releaseProcess = ownsProcess ? catchFaults({ log, stop: () => stop({ agents: 'leave' }) }) : () => undefined;
  return { ...address, ownerKey, link: `${address.url}/#key=${ownerKey}`, stop };
}

function openStore(dataDir: string, { health, log }: { health: StoreHealth; log: Log }): SqliteStore {
  return openSqliteStore({
    path: join(dataDir, 'baton.db'),
    afterCommit: health.wrote,
    onFault(error) {
      health.failed();
      log.error({ kind: error.kind, err: error }, 'The database refused a write');
    },
  });
}

interface HostParts extends Pick<StartOptions, 'runner'> {
  settings: Settings;
  registry: AgentRegistry;
  log: Log;
}

/** Where agents run: in a runner, if there is a program for it. */
function createHost({ settings, registry, log, runner }: HostParts): AgentHost | RunnerHost {
  if (runner !== undefined) {
    return createRunnerHost({ settings: toRunnerSettings(settings), program: runner, clock: systemClock, log });
  }
  return createLocalHost({
    ...{ backends: registry.list, clock: systemClock },
    endLeftovers: async () => void (await endOrphans({ server: toServerMarker(settings.dataDir) })),
    onFault: (error) => log.error({ err: error }, 'An agent met a fault'),
  });
}

interface Works {
  host: AgentHost;
  settings: Settings;
  store: SqliteStore;
  registry: AgentRegistry;
  roots: Roots;
  log: Log;
}

/** The engine, and the features that listen to it, which it in turn asks before a turn begins. */
function createWorks({ settings, store, registry, roots, log, host }: Works): { engine: Engine; features: Features } {
  const { resolveFolder } = roots;
  const engine = createEngine({
    ...{ store, host, clock: systemClock, backends: registry.list, resolveFolder },
    beforeTurn: (turn) => features.beforeTurn(turn),
    agentLimits: settings.agentLimits,
    sleepAfterMs: settings.sleepAfterMinutes * 60_000,
    onFault: (error) => log.error({ err: error }, 'The engine met a fault'),
  });
  const features = createFeatures({
    ...{
      settings,
      engine,
      roots,
      clock: systemClock,
      backends: registry.list,
      records: store.records,
      upkeep: store.upkeep,
    },
    onFault: (error) => log.error({ err: error }, 'A feature met a fault'),
  });
  return { engine, features };
}

const LOOK_AFTER_MS = 250;

/** What an earlier life left open is settled before anybody can look; a recovery that hangs does not keep the door shut. */
const RECOVER_MS = 10_000;

async function recover(engine: Engine, log: Log): Promise<void> {
  const inTime = await Promise.race([
    engine.recover().then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, RECOVER_MS, false).unref()),
  ]);
  if (!inTime) log.warn({}, 'Recovery takes long; sessions are settled as it goes on');
}

/** Copies the database of a data folder, consistently, into a new file. A server may run on the folder meanwhile. */
export async function backupData(dataDir: string, toFile: string): Promise<BackupReport> {
  const path = join(dataDir, 'baton.db');
  if (!existsSync(path)) throw new AppError('not-found', `Cannot back up: there is no database in "${dataDir}"`);
  const store = openSqliteStore({ path });
  try {
    return await store.backup(toFile);
  } finally {
    await store.close();
  }
}

/**
 * Puts a backup in the place of the database of a data folder; what was there is kept beside it. Rejects with `conflict`
 * while a server runs on the folder, and changes nothing when the file is no good backup.
 */
export async function restoreData(dataDir: string, fromFile: string): Promise<RestoreReport> {
  openDataDir(dataDir);
  const lock = lockForRestore(dataDir, fromFile);
  try {
    return await restoreDatabase({ from: fromFile, to: join(dataDir, 'baton.db') });
  } finally {
    lock.release();
  }
}

function lockForRestore(dataDir: string, fromFile: string): DataLock {
  try {
    return lockDataDir(dataDir);
  } catch (cause) {
    if (!isAppError(cause) || cause.kind !== 'conflict') throw cause;
    const message = `Cannot restore "${fromFile}": a Baton server is using the data folder "${dataDir}". Stop it first`;
    throw new AppError('conflict', message, {}, { cause });
  }
}
