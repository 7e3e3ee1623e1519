import { parseScenario, startRehearsal } from '@baton/rehearsal';
import { CLAUDE } from '../harness/agents/claude.ts';
import { CODEX } from '../harness/agents/codex.ts';
import { WORKER } from '../harness/agents/worker.ts';
import type { AgentUnderTest } from '../harness/agents/agent-under-test.ts';
import { type BatonProcess, startBaton } from '../harness/baton-process.ts';
import { drive, type Drive, type Place } from '../harness/drive.ts';
import { eventually } from '../harness/eventually.ts';
import { findProcesses } from '../harness/processes.ts';
import { readSoundLog } from './read-log.ts';
import { createBudget, createChance, type Figure, keep, pick, type SoakOptions, toQuantile } from './soak.ts';

export const STOPPED_AGENTS: readonly AgentUnderTest[] = [CLAUDE, WORKER, CODEX];

/** Commands that do not want to end; each tells that it is up by a file. `sleep 7171` is what is looked for afterwards. */
export const STUBBORN_COMMANDS = {
  grandchild: `sh -c 'sh -c "touch up; exec sleep 7171"'; true`,
  'a session of its own': 'setsid sleep 7171 & touch up; sleep 7171',
  'a daemon': '(setsid nohup sleep 7171 > /dev/null 2>&1 &) ; touch up; sleep 7171',
  'deaf to SIGINT and SIGTERM': `trap '' INT TERM HUP; touch up; while :; do sleep 7171; done`,
  'deaf and in a session of its own': `setsid sh -c "trap '' INT TERM HUP; while :; do sleep 7171; done" & touch up; wait`,
} as const;

type CommandName = keyof typeof STUBBORN_COMMANDS;
/** How the end is asked for; with `hung` the agent itself hears no signal and reads nothing (SIGSTOP). */
export type Ending = 'stop' | 'interrupt' | 'stop when hung' | 'interrupt when hung';

export const ENDINGS: readonly Ending[] = ['stop', 'interrupt', 'stop when hung', 'interrupt when hung'];

export interface StopCase {
  agent: AgentUnderTest;
  command: CommandName;
  ending: Ending;
}

/** What was promised, in milliseconds. */
export const STOP_BOUND_MS = 5000;
/** An agent that does not answer an interrupt is given its time to, and then ended. */
export const INTERRUPT_BOUND_MS = 16_000;

/** One session with a stubborn tool at work, ended; answers how long that took, and throws unless the end is true. */
export async function measureEnd({ baton, peer }: Place, { agent, command, ending }: StopCase): Promise<number> {
  const scenario = parseScenario(
    JSON.stringify({
      title: 'A stubborn command',
      turns: [{ steps: [{ call: { tool: 'run', input: { command: STUBBORN_COMMANDS[command] } } }, { say: 'Done.' }] }],
    }),
  );
  const rehearsal = await startRehearsal({ scenario });
  try {
    const session = await drive({ baton, peer }, agent, { env: agent.sessionEnv(rehearsal), prompt: 'Run it' });
    await atWork(session);
    if (ending.endsWith('when hung')) await hang(session);
    const since = performance.now();
    const isStop = ending.startsWith('stop');
    const stopped = isStop ? peer.event(session.id, 'agent.exited') : session.turnEnded();
    await session.run({ type: isStop ? 'session.stop' : 'turn.interrupt' });
    const told = await stopped;
    const took = performance.now() - since;
    const left = findProcesses(`BATON_SESSION=${session.id}`, isStop ? '' : 'sleep 7171');
    keep(left.length === 0, `what is said to be over is over (${agent.name}, ${command}, ${ending})`, { left, told });
    const state = (await session.view()).state;
    keep(!isStop || state === 'stopped', 'a session without an agent says that it is stopped', { state });
    if (!isStop) {
      await session.run({ type: 'session.stop' });
      const what = () => `${session.id} is stopped`;
      await eventually(async () => (await session.view()).state === 'stopped' || undefined, { what });
    }
    await readSoundLog(baton, session.id);
    keep(findProcesses(`BATON_SESSION=${session.id}`).length === 0, 'a stopped session has no process', session.id);
    return took;
  } finally {
    await rehearsal.close();
  }
}

async function atWork(session: Drive): Promise<void> {
  const marker = `BATON_SESSION=${session.id}`;
  const up = eventually(() => findProcesses(marker, 'sleep 7171')[0], {
    what: () => `the command runs; there is ${JSON.stringify(findProcesses(marker))}`,
    timeoutMs: 30_000,
  });
  await session.allowUntil(up);
}

async function hang(session: Drive): Promise<void> {
  const { pid } = await session.peer.event(session.id, 'agent.started');
  // The worker is a part of the server and has no process to hang.
  if (pid !== undefined && pid !== null) process.kill(pid, 'SIGSTOP');
}

/** A server that runs all of the agents. */
export function startForStops(): Promise<BatonProcess> {
  return startBaton({ env: Object.assign({}, ...STOPPED_AGENTS.map(({ serverEnv }) => serverEnv)) });
}

/** Every agent, command and ending in turn, in an order that the seed decides. */
export async function soakStop(options: SoakOptions): Promise<Figure[]> {
  const chance = createChance(options.seed);
  const isLeft = createBudget(options);
  const took: Record<'stop' | 'interrupt', number[]> = { stop: [], interrupt: [] };
  const baton = await startForStops();
  try {
    for (let round = 0; isLeft(round); round += 1) {
      const agent = pick(chance, STOPPED_AGENTS);
      const command = pick(chance, Object.keys(STUBBORN_COMMANDS) as CommandName[]);
      const ending = pick(chance, ENDINGS);
      const peer = await baton.connect();
      const ms = await measureEnd({ baton, peer }, { agent, command, ending });
      peer.close();
      options.print(`stop ${round}: ${agent.name}, ${command}, ${ending}: ${Math.round(ms)} ms`);
      took[ending.startsWith('stop') ? 'stop' : 'interrupt'].push(ms);
    }
  } finally {
    await baton.kill('SIGTERM');
  }
  return [
    { name: 'stop of a stubborn tree, median', value: toQuantile(took.stop, 0.5), unit: 'ms' },
    { name: 'stop of a stubborn tree, worst', value: toQuantile(took.stop, 1), unit: 'ms', bound: STOP_BOUND_MS },
    { name: 'interrupt with its tools, median', value: toQuantile(took.interrupt, 0.5), unit: 'ms' },
    {
      name: 'interrupt with its tools, worst',
      value: toQuantile(took.interrupt, 1),
      unit: 'ms',
      bound: INTERRUPT_BOUND_MS,
    },
  ];
}
