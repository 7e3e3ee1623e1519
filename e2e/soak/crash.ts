import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CommandInput,
  createId,
  type EventOf,
  type RecordedEvent,
  type SessionId,
  sessionViewSchema,
  type TurnId,
} from '@baton/protocol';
import { parseScenario, type Rehearsal, startRehearsal } from '@baton/rehearsal';
import type { AgentUnderTest } from '../harness/agents/agent-under-test.ts';
import { CLAUDE } from '../harness/agents/claude.ts';
import { WORKER } from '../harness/agents/worker.ts';
import { type BatonProcess, startBaton, temporaryFolder } from '../harness/baton-process.ts';
import { eventually } from '../harness/eventually.ts';
import type { Peer } from '../harness/peer.ts';
import { findProcesses } from '../harness/processes.ts';
import { audit, type Counts, type Sent } from './audit.ts';
import { readSoundLog } from './read-log.ts';
import { createBudget, createChance, type Figure, keep, pick, type SoakOptions } from './soak.ts';

/** Where death comes: the first of these that is seen on the wire, or the moment after a command was sent. */
export const CRASH_POINTS = [
  'a command was sent',
  'a prompt was acknowledged',
  'agent.started',
  'agent.ready',
  'turn.started',
  'item.started',
  'delta',
  'approval.requested',
  'an answer was sent',
  'approval.answered',
  'item.ended',
  'turn.ended',
  'the server starts again',
  'any moment',
] as const;

type CrashPoint = (typeof CRASH_POINTS)[number];
const VICTIMS = ['server', 'runner', 'agent', 'server and agent', 'server and runner'] as const;
type Victim = (typeof VICTIMS)[number];

const SCRIPT = parseScenario(`
title: All that can be interrupted by death
turns:
  - when: ask
    steps:
      - say: I will run something.
      - call: { tool: run, input: { command: "touch up; setsid sleep 7272 & sleep 1" } }
      - say: It ran.
  - when: story
    steps: [{ say: { text: "One word follows another. ", repeat: 40, pace: 10 } }]
  - steps: [{ say: "You said: {{prompt}}" }]
`);
const PROMPTS = ['ask me first', 'tell a story', 'echo this'] as const;
const AGENTS: readonly AgentUnderTest[] = [WORKER, CLAUDE];

interface Round {
  baton: BatonProcess;
  peer: Peer;
  sessionId: SessionId;
  agent: AgentUnderTest;
  sent: Sent[];
}

/** Runs rounds of work and death; throws at the first promise that is broken, with the round in its words. */
export async function soakCrash(options: SoakOptions): Promise<Figure[]> {
  const chance = createChance(options.seed);
  const isLeft = createBudget(options);
  const rehearsal = await startRehearsal({ scenario: SCRIPT });
  const place = { dataDir: temporaryFolder('data'), root: temporaryFolder('root'), env: CLAUDE.serverEnv };
  const counts = { acknowledged: 0, repeated: 0, withdrawn: 0 };
  let baton = await startBaton(place);
  let rounds = 0;
  try {
    for (; isLeft(rounds); rounds += 1) {
      const agent = pick(chance, AGENTS);
      // The worker is a part of the runner and dies with it.
      const victim = pick(chance, agent === WORKER ? VICTIMS.filter((each) => !each.includes('agent')) : VICTIMS);
      const point = CRASH_POINTS[rounds % CRASH_POINTS.length] ?? 'any moment';
      const prompt = /approval|answer/.test(point) ? PROMPTS[0] : pick(chance, PROMPTS);
      const plan = { agent, victim, point, prompt, waitMs: chance() * 1500 };
      const what = `round ${rounds}: ${victim} of ${agent.name} at "${point}" (${plan.prompt})`;
      options.print(what);
      try {
        baton = await playRound({ baton, rehearsal, place, plan, counts });
      } catch (error) {
        throw new Error(`${what}, seed ${options.seed}: ${String(error)}`, { cause: error });
      }
    }
  } finally {
    await baton.kill('SIGTERM');
    await rehearsal.close();
  }
  return [
    { name: 'rounds of kill -9', value: rounds, unit: '' },
    { name: 'commands acknowledged and there once', value: counts.acknowledged, unit: '' },
    { name: 'commands sent again after a death, with one effect', value: counts.repeated, unit: '' },
    { name: 'approvals withdrawn with the reason', value: counts.withdrawn, unit: '' },
    { name: 'lost, doubled, or still running', value: 0, unit: '', bound: 0 },
  ];
}

interface Play {
  baton: BatonProcess;
  rehearsal: Rehearsal;
  place: { dataDir: string; root: string; env: Record<string, string> };
  plan: { agent: AgentUnderTest; victim: Victim; point: CrashPoint; prompt: string; waitMs: number };
  counts: Counts;
}

async function playRound({ baton, rehearsal, place, plan, counts }: Play): Promise<BatonProcess> {
  const { agent, victim, point } = plan;
  const round = await begin(baton, { agent, env: agent.sessionEnv(rehearsal), root: place.root });
  void work(round, plan.prompt);
  await reach(round, plan);
  const before = await kill(round, victim);
  const sent = round.sent.map((each) => ({ ...each }));
  if (victim.includes('server')) baton = await restart(place, point === 'the server starts again');
  if (victim.includes('runner')) {
    const isGone = () => (before.some(isAlive) ? undefined : true);
    await eventually(isGone, { what: () => 'what ran before the death is gone' });
  }
  const hadStarted = round.peer.events(round.sessionId).some(({ event }) => event.type === 'agent.started');
  // A server that lives hears of the death a moment later: what it is asked until then dies, too, and it says so.
  await settleRound(baton, round, { sent, counts, mayHearLate: !victim.includes('server') });
  if (victim === 'server' && hadStarted) await expectOutlived(baton, round.sessionId);
  return baton;
}

/** An agent whose server died alone has worked on. */
async function expectOutlived(baton: BatonProcess, sessionId: SessionId): Promise<void> {
  const log = await readSoundLog(baton, sessionId);
  const ended = log.filter(
    ({ event }) => event.type === 'turn.ended' && event.error !== undefined && event.error.kind === 'server-restarted',
  );
  keep(ended.length === 0, 'an agent outlives its server', ended);
}

async function begin(
  baton: BatonProcess,
  { agent, env, root }: { agent: AgentUnderTest; env: Record<string, string>; root: string },
): Promise<Round> {
  const peer = await baton.connect();
  const cwd = mkdtempSync(join(root, 'work-'));
  const made = await peer.command({ type: 'session.create', backend: agent.backend, cwd, env });
  const { id: sessionId } = sessionViewSchema.parse(made);
  peer.send({ type: 'subscribe', sessionId, after: 0 });
  return { baton, peer, sessionId, agent, sent: [] };
}

// Prompts, settings and answers, one after the other, until death ends it. Nobody waits for what cannot come any more.
async function work(round: Round, prompt: string): Promise<void> {
  const { peer, sessionId } = round;
  const send = async (command: CommandInput): Promise<void> => {
    const entry: Sent = { id: createId('command'), command, acknowledged: false };
    round.sent.push(entry);
    await peer.command(command, entry.id);
    entry.acknowledged = true;
  };
  const ask = (input: string) => send({ type: 'turn.start', sessionId, turnId: createId('turn'), input });
  try {
    await ask(prompt);
    await send({ type: 'session.configure', sessionId, title: `title ${createId('command')}` });
    await ask('echo the second');
    await send({ type: 'session.configure', sessionId, title: `title ${createId('command')}` });
    if (!prompt.startsWith('ask')) return;
    const asked = await peer.event(sessionId, 'approval.requested');
    const option = asked.options.find(({ kind }) => kind === 'allow-once');
    // Left open for a moment, so that a death finds it open.
    await delay(100);
    await send({ type: 'approval.answer', approvalId: asked.approvalId, option: option?.id ?? '' });
  } catch {
    // The line died with the server.
  }
}

async function reach(round: Round, { point, prompt, waitMs }: Play['plan']): Promise<void> {
  const { peer, sessionId, sent } = round;
  const seen = (type: string) =>
    peer.frames.some(
      (frame) =>
        'sessionId' in frame &&
        frame.sessionId === sessionId &&
        (frame.type === 'event' ? frame.event.type : frame.type) === type,
    );
  const isReached = (): boolean => {
    switch (point) {
      case 'a command was sent':
        return sent.length > 0;
      case 'a prompt was acknowledged':
      case 'the server starts again':
        return sent.some(({ acknowledged }) => acknowledged);
      case 'an answer was sent':
        return sent.some(({ command }) => command.type === 'approval.answer') || isOver();
      case 'any moment':
        return false;
      default:
        return seen(point) || isOver();
    }
  };
  // A point that this prompt does not come by: its end will do.
  const isOver = () => seen('turn.ended') || (prompt.startsWith('ask') && seen('approval.answered'));
  const timeoutMs = point === 'any moment' ? waitMs : 25_000;
  const reached = eventually(() => isReached() || undefined, { what: () => point, timeoutMs, intervalMs: 1 });
  await (point === 'any moment' ? reached.catch(() => undefined) : reached);
}

/** Ends the victims with SIGKILL; answers all processes that the session had. */
async function kill({ baton, peer, sessionId }: Round, victim: Victim) {
  const processes = findProcesses(`BATON_SESSION=${sessionId}`);
  const agents = peer.events(sessionId).flatMap(({ event }) => (event.type === 'agent.started' ? [event.pid] : []));
  if (victim.includes('agent')) for (const pid of agents) endNow(pid);
  if (victim.includes('runner')) endNow(baton.runnerPid());
  if (!victim.includes('server')) return processes;
  await baton.kill('SIGKILL');
  peer.close();
  return processes;
}

function endNow(pid: number | null | undefined): void {
  try {
    if (typeof pid === 'number') process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended.
  }
}

function isAlive({ pid, command }: { pid: number; command: string }): boolean {
  return findProcesses('BATON_SESSION=').some((each) => each.pid === pid && each.command === command);
}

// The second death comes while the first is being made good.
async function restart(place: Play['place'], again: boolean): Promise<BatonProcess> {
  if (again) await (await startBaton(place)).kill('SIGKILL');
  return startBaton(place);
}

interface Expectation {
  sent: Sent[];
  counts: Counts;
  mayHearLate: boolean;
}

// What a person would do next: send again what was not acknowledged, answer what is open, and go on.
async function settleRound(baton: BatonProcess, round: Round, expectation: Expectation): Promise<void> {
  const { sessionId } = round;
  const { sent, counts, mayHearLate } = expectation;
  const peer = await baton.connect();
  peer.send({ type: 'subscribe', sessionId, after: 0 });
  for (const entry of sent) {
    if (entry.command.type === 'approval.answer') continue;
    await peer.command(entry.command, entry.id);
    if (!entry.acknowledged) counts.repeated += 1;
  }
  const first = await askTheLast(peer, sessionId).catch((error: unknown) => tellAll(error, baton, sessionId));
  const isLate = mayHearLate && first.outcome === 'failed' && first.error?.kind === 'agent-exited';
  const last = isLate ? await askTheLast(peer, sessionId) : first;
  keep(last.outcome === 'completed', 'the session goes on after the death', last);
  await peer.command({ type: 'session.stop', sessionId });
  const isStopped = async () =>
    sessionViewSchema.parse((await baton.request('GET', `/sessions/${sessionId}`)).body).state === 'stopped';
  await eventually(async () => (await isStopped()) || undefined, { what: () => `${sessionId} is stopped` });
  const left = findProcesses(`BATON_SESSION=${sessionId}`);
  keep(left.length === 0, 'no process lingers', left);
  audit(await readSoundLog(baton, sessionId), expectation);
  peer.close();
  round.peer.close();
}

// Whether it is the server that does not go on, or the line that does not tell.
async function tellAll(error: unknown, baton: BatonProcess, sessionId: SessionId): Promise<never> {
  const paths = [`/sessions/${sessionId}`, '/queue', '/backends'];
  const said = await Promise.all(paths.map(async (path) => JSON.stringify((await baton.request('GET', path)).body)));
  throw new Error(`${String(error)}; the server says ${said.map((text) => text.slice(0, 3000)).join(' ')}`);
}

async function askTheLast(peer: Peer, sessionId: SessionId): Promise<EventOf<'turn.ended'>> {
  const turnId = createId('turn');
  await peer.command({ type: 'turn.start', sessionId, turnId, input: 'echo the last' });
  return allowUntilEnd(peer, sessionId, turnId);
}

async function allowUntilEnd(peer: Peer, sessionId: SessionId, turnId: TurnId): Promise<EventOf<'turn.ended'>> {
  const answered = new Set<string>();
  const ended = () =>
    peer
      .events(sessionId)
      .map(({ event }) => event)
      .find((event): event is EventOf<'turn.ended'> => event.type === 'turn.ended' && event.turnId === turnId);
  return eventually(
    async () => {
      for (const { event: asked } of peer.events(sessionId)) {
        if (asked.type !== 'approval.requested' || answered.has(asked.approvalId)) continue;
        answered.add(asked.approvalId);
        const option = asked.options.find(({ kind }) => kind === 'allow-once')?.id ?? '';
        // One that is no longer open says so, which is an answer too.
        await peer.command({ type: 'approval.answer', approvalId: asked.approvalId, option }).catch(() => undefined);
      }
      return ended();
    },
    {
      what: () => `the turn after the death ends: ${peer.events(sessionId).map(toWords).join(' ')}`,
      timeoutMs: 40_000,
    },
  );
}

// What was said of a start that did not come tells why.
function toWords({ at, event }: RecordedEvent): string {
  if (event.type === 'notice.raised') return `${event.type} (${at}: ${event.text})`;
  if (event.type === 'agent.exited') return `${event.type} (${at}: ${event.failure?.message ?? 'no reason'})`;
  return event.type;
}
