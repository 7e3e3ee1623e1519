import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { CLAUDE_ACP_AGENT, GEMINI_AGENT } from './harness/bare-acp.ts';
import { type BareAgent, type BarePlace, type BareWay, PROMPT } from './harness/bare-agent.ts';
import { CLAUDE_AGENT } from './harness/bare-claude.ts';
import { CODEX_AGENT } from './harness/bare-codex.ts';
import { OPENCODE_AGENT } from './harness/bare-opencode.ts';
import { type Measure, toMedian } from './harness/measure.ts';
import { type BenchServer, createSession, startServer } from './harness/server.ts';
import { connectViewer, type Viewer } from './harness/viewer.ts';

/** Nothing tells from outside that a process waits; this is several times what one needs on two cores. */
const WARM_UP_MS = 3000;
/** What the last contender leaves behind it on the machine: pages to be freed, files to be closed. */
const CALM_MS = 150;

/** One benchmark for each agent, by name. */
export const FIRST_SESSIONS: Readonly<Record<string, () => Promise<Measure[]>>> = Object.fromEntries(
  [CLAUDE_AGENT, CODEX_AGENT, OPENCODE_AGENT, GEMINI_AGENT, CLAUDE_ACP_AGENT].map((agent) => [
    `first-session:${agent.backend}`,
    () => benchFirstSession(agent),
  ]),
);

/**
 * From the wish for a new session with a prompt to its first streamed text, with a scripted model: the agent's program alone,
 * the same program started by Baton, and what Baton keeps ready for the next session.
 *
 * All contenders of a round run one after the other, each round in another order, and every ratio is one within a round: a
 * machine that is busy with other things slows all of them. Each process is gone before the next contender begins, and every
 * folder and home is of the same kind. Alone, the clock starts with the process; through Baton, with the request for the
 * session, and it stops when the text is on the socket.
 */
async function benchFirstSession(agent: BareAgent): Promise<Measure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const home = mkdtempSync(join(tmpdir(), 'baton-bench-first-'));
  const cold = await startBaton(agent, '0');
  const warm = agent.next === 'kept warm' ? await startBaton(agent, '1') : undefined;
  try {
    const contenders = toContenders(agent, { rehearsal, home, cold, warm });
    const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
    // The first of each finds an empty home and cold files.
    for (let round = 0; round <= agent.rounds; round += 1) {
      for (const { name, measure } of rotate(contenders, round)) {
        const milliseconds = await measure(round);
        if (round > 0) times.get(name)?.push(milliseconds);
        await delay(CALM_MS);
      }
    }
    return toMeasures(agent, times);
  } finally {
    await Promise.all([cold.stop(), warm?.stop(), rehearsal.close()]);
    rmSync(home, { recursive: true, force: true });
  }
}

async function startBaton({ serverEnv }: BareAgent, warmAgents: string): Promise<BenchServer> {
  const server = await startServer({ env: { ...serverEnv, BATON_WARM_AGENTS: warmAgents } });
  mkdirSync(join(server.root, 'work'));
  return server;
}

interface Contender {
  name: string;
  measure(round: number): Promise<number>;
}

interface Stage {
  rehearsal: Rehearsal;
  home: string;
  cold: BenchServer;
  warm: BenchServer | undefined;
}

const STARTED = 'started by Baton';
const NEXT = { 'kept warm': 'kept warm by Baton', shared: 'the next one in its process' } as const;

function toContenders(agent: BareAgent, { rehearsal, home, cold, warm }: Stage): Contender[] {
  const place = toPlace(agent, rehearsal, home);
  // Another environment is another process, also of an agent that has one for all its sessions.
  const toEnv = (round: number) => ({ ...agent.sessionEnv(rehearsal), BENCH_ROUND: String(round) });
  const alone = agent.bare.map(({ name, measure }) => ({
    name: `alone, ${name}`,
    measure: () => measure(place, rehearsal),
  }));
  const started = {
    name: STARTED,
    measure: async (round: number) => {
      const { milliseconds, endProcess } = await measureSession(cold, agent, toEnv(round));
      await endProcess();
      return milliseconds;
    },
  };
  const next = {
    name: NEXT[agent.next],
    measure: async (round: number) => {
      if (warm === undefined) return measureNext(cold, agent, toEnv(round));
      const { milliseconds } = await measureSession(warm, agent, agent.sessionEnv(rehearsal));
      await delay(WARM_UP_MS);
      return milliseconds;
    },
  };
  return [...alone, started, next];
}

function toPlace(agent: BareAgent, rehearsal: Rehearsal, home: string): BarePlace {
  const cwd = join(home, 'work');
  mkdirSync(cwd);
  const path = agent.serverEnv['PATH'] ?? process.env['PATH'] ?? '';
  return { cwd, env: { PATH: path, HOME: home, IS_SANDBOX: '1', ...agent.sessionEnv(rehearsal) } };
}

/** A session in a process that an earlier one has started. */
async function measureNext(server: BenchServer, agent: BareAgent, env: Record<string, string>): Promise<number> {
  const shared = { ...env, BENCH_ROUND: `${env['BENCH_ROUND']} shared` };
  await measureSession(server, agent, shared);
  const { milliseconds, endProcess } = await measureSession(server, agent, shared);
  await endProcess();
  return milliseconds;
}

interface Measured {
  milliseconds: number;
  /** Ends the process, which a session that has ended leaves to the next one where several share it. */
  endProcess(): Promise<void>;
}

async function measureSession(server: BenchServer, agent: BareAgent, env: Record<string, string>): Promise<Measured> {
  const viewer = await connectViewer(server);
  const startedAt = performance.now();
  const firstText = untilText(viewer, startedAt);
  const ended = viewer.until((frame) => frame.event?.type === 'turn.ended');
  const started = viewer.until((frame) => frame.event?.type === 'agent.started');
  const exited = viewer.until((frame) => frame.event?.type === 'agent.exited');
  const { backend } = agent;
  const id = await createSession(server, { cwd: join(server.root, 'work'), backend, env, prompt: PROMPT });
  viewer.send({ type: 'subscribe', sessionId: id, after: 0 });
  const early = Promise.race([ended, exited]).then(() => Promise.reject(new Error(`${agent.title} said nothing`)));
  const milliseconds = await Promise.race([firstText, early]);
  early.catch(() => undefined);
  await ended;
  await server.request('POST', `/sessions/${id}/stop`);
  await exited;
  viewer.close();
  const pid = (await started).event?.pid;
  return { milliseconds, endProcess: () => (agent.next === 'shared' ? kill(pid) : Promise.resolve()) };
}

async function kill(pid: number | null | undefined): Promise<void> {
  if (pid == null) return;
  process.kill(pid, 'SIGKILL');
  while (isAlive(pid)) await delay(5);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilText(viewer: Viewer, startedAt: number): Promise<number> {
  await viewer.until((frame) => frame.type === 'delta');
  return performance.now() - startedAt;
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function toMeasures({ title, bare, next }: BareAgent, times: ReadonlyMap<string, readonly number[]>): Measure[] {
  const ratio = (one: string, other: string) => {
    const others = times.get(other) ?? [];
    return toMedian((times.get(one) ?? []).map((value, round) => value / (others[round] ?? Number.NaN)));
  };
  const alone = ({ name }: BareWay) => `alone, ${name}`;
  const [first, ...others] = bare;
  const compare = (one: string, way: BareWay) => ({
    name: `${title}, ${one} / ${way === first ? 'alone' : alone(way)}`,
    value: ratio(one, alone(way)),
    unit: 'x',
  });
  return [
    ...[...times].map(([name, values]) => ({
      name: `${title}, first text, ${name}`,
      value: toMedian(values),
      unit: 'ms',
    })),
    ...others.filter(({ isSameMode }) => isSameMode).map((way) => compare(STARTED, way)),
    { ...compare(STARTED, first), target: { atMost: 1.05 } },
    { ...compare(NEXT[next], first), target: { atMost: 0.5 } },
  ];
}
