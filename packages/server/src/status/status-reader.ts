import { statfs } from 'node:fs/promises';
import type { Clock, Engine } from '@baton/core';
import { type AgentUsage, type ServerStatus, sessionIdSchema } from '@baton/protocol';
import { type FamilyUsage, readResidentBytes } from '@baton/runner';
import type { RunnersNow } from '../runner/create-runner-host.ts';
import type { AgentMeter } from './agent-meter.ts';
import { createLiveSessions, type LiveSession } from './live-sessions.ts';
import { createLoopDelayMonitor } from './loop-delay.ts';
import { toProcessTitle } from './process-title.ts';

/** What the store tells of itself; each is a gauge of the metrics too. */
export interface StoreNumbers {
  commits: number;
  lastCommitMs: number;
  queued: number;
  faults: number;
  sessions: number;
  archived: number;
  events: number;
  bytes: number;
  freeBytes: number;
}

export interface StatusParts {
  engine: Engine;
  clock: Clock;
  meter: AgentMeter;
  dataDir: string;
  store(): StoreNumbers;
  isWritable(): boolean;
  readRunners(): RunnersNow | undefined;
  sockets(): number;
  streams(): number;
}

export interface StatusReader {
  /** Measures now; whoever asks meanwhile gets the same. */
  read(): Promise<ServerStatus>;
  close(): void;
}

/** Measures the server: its own process, its agents with all their processes, store, disk and event loop. */
export function createStatusReader(parts: StatusParts): StatusReader {
  const loop = createLoopDelayMonitor(parts.clock);
  const sessions = createLiveSessions(parts.engine);
  const readOwn = createOwnMeter();
  let reading: Promise<ServerStatus> | undefined;

  async function read(): Promise<ServerStatus> {
    const live = await sessions.read();
    const [families, disk] = await Promise.all([parts.meter.read(), readDisk(parts.dataDir)]);
    const known = new Map<string, LiveSession>(live);
    const runner = await readRunner(parts);
    const agents = withoutRunners(families, runner).map((family) => toAgent(family, known));
    return {
      ...readNumbers(parts, [...live.values()]),
      process: readOwn(),
      eventLoop: loop.read(),
      agents: agents.toSorted((left, right) => right.rssBytes - left.rssBytes),
      ...(disk === undefined ? {} : { disk }),
      ...(runner === undefined ? {} : { runner }),
      at: new Date(parts.clock.now()).toISOString(),
    };
  }

  return {
    read() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    close() {
      loop.close();
      sessions.close();
    },
  };
}

type Numbers = Pick<ServerStatus, 'uptimeMs' | 'sessions' | 'queuedTurns' | 'connections' | 'store'>;

function readNumbers({ engine, store, isWritable, sockets, streams }: StatusParts, live: LiveSession[]): Numbers {
  const stats = engine.stats();
  const { commits, lastCommitMs, queued, faults, sessions, archived, events, bytes, freeBytes } = store();
  const count = (state: LiveSession['state']) => live.filter((session) => session.state === state).length;
  return {
    uptimeMs: Math.round(process.uptime() * 1000),
    sessions: {
      ...{ total: sessions, archived, live: stats.liveAgents },
      ...{ running: count('running'), waiting: count('waiting') },
    },
    queuedTurns: live.reduce((sum, session) => sum + session.queued, 0),
    connections: { sockets: sockets(), streams: streams(), subscriptions: stats.subscriptions },
    store: { writable: isWritable(), events, commits, lastCommitMs, queued, faults, bytes, freeBytes },
  };
}

async function readRunner({ readRunners }: StatusParts): Promise<ServerStatus['runner']> {
  const now = readRunners();
  if (now === undefined) return undefined;
  const measure = async (each: { pid: number; agents: number }) => ({
    ...each,
    rssBytes: await readResidentBytes(each.pid),
  });
  const { state, current } = now;
  const earlier = await Promise.all(now.earlier.map(measure));
  return { state, earlier, ...(current === undefined ? {} : { current: await measure(current) }) };
}

// A runner carries the server's marker, and is no agent.
function withoutRunners(families: readonly FamilyUsage[], runner: ServerStatus['runner']): readonly FamilyUsage[] {
  if (runner === undefined) return families;
  const runners = [...(runner.current === undefined ? [] : [runner.current]), ...runner.earlier];
  const isRunner = (pid: number) => runners.some((each) => each.pid === pid);
  return families.flatMap((family) => {
    const members = family.members.filter(({ pid }) => !isRunner(pid));
    if (members.length === 0) return [];
    const gone = runners.filter(({ pid }) => family.members.some((member) => member.pid === pid));
    const rssBytes = gone.reduce((left, each) => Math.max(0, left - each.rssBytes), family.rssBytes);
    return [{ ...family, members, rssBytes }];
  });
}

function toAgent(family: FamilyUsage, known: ReadonlyMap<string, LiveSession>): AgentUsage {
  const { sessions, members, rssBytes, cpuPercent } = family;
  const usage = { processes: members.length, rssBytes, ...(cpuPercent === undefined ? {} : { cpuPercent }) };
  const [session] = sessions;
  if (session === undefined) return { ...usage, title: 'Without a session' };
  const first = known.get(session);
  const backend = first === undefined ? {} : { backend: first.backend };
  if (sessions.length > 1) return { ...usage, ...backend, title: `Shared by ${sessions.length} sessions` };
  const id = sessionIdSchema.safeParse(session);
  return {
    ...usage,
    ...backend,
    title: first?.title ?? toProcessTitle(session),
    ...(id.success ? { sessionId: id.data } : {}),
  };
}

function createOwnMeter(): () => ServerStatus['process'] {
  let before: { at: number; cpuMs: number } | undefined;
  return () => {
    const { user, system } = process.cpuUsage();
    const now = { at: performance.now(), cpuMs: (user + system) / 1000 };
    const last = before;
    before = now;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      ...{ pid: process.pid, rssBytes: rss, heapBytes: heapUsed },
      ...(last === undefined || now.at <= last.at
        ? {}
        : { cpuPercent: ((now.cpuMs - last.cpuMs) / (now.at - last.at)) * 100 }),
    };
  };
}

async function readDisk(folder: string): Promise<ServerStatus['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}
