import { checkInvariants, evolve, noSession } from '@baton/core';
import type { EventOf, SessionEventType } from '@baton/protocol';
import { loadScenario, type Rehearsal, type Scenario, startRehearsal } from '@baton/rehearsal';
import { expect } from 'vitest';
import type { AgentUnderTest } from '../harness/agents/agent-under-test.ts';
import { type BatonProcess, startBaton } from '../harness/baton-process.ts';
import { type Drive, type DriveOptions, drive, type Place, take } from '../harness/drive.ts';
import type { Peer } from '../harness/peer.ts';
import { withRunInput } from './with-run-input.ts';

type Wanted = Omit<DriveOptions, 'env'>;

/** Where behaviours of one agent are played: a server, a connection to it, and a model that follows one script after another. */
export interface Stage {
  readonly agent: AgentUnderTest;
  readonly baton: BatonProcess;
  readonly peer: Peer;
  /**
   * In the conversation that all behaviours share, so that its agent starts once; the act sees of it what comes from here on.
   * Whatever the act does, the log it leaves keeps every invariant. After a failure the next one begins a new conversation.
   */
  play(scenario: string | Scenario, options: Wanted, act: Act): Promise<void>;
  /** The same, in a conversation that begins with this act and ends with it. */
  playAlone(scenario: string | Scenario, options: Wanted, act: Act): Promise<void>;
  /** The same, with a model of its own: while other behaviours are played. */
  playBeside(scenario: string | Scenario, options: Wanted, act: Act): Promise<void>;
  /** A session that exists already. */
  take(session: { id: Drive['id']; cwd: string }): Drive;
  /** Starts the next server on what the last one left, which is dead. The session as it is driven there, from where it began. */
  restart(session: Drive): Promise<Drive>;
  /** Everything the servers wrote. */
  output(): string;
  close(): Promise<void>;
}

export type Act = (session: Drive, rehearsal: Rehearsal) => Promise<void>;

type Play = Stage['play'];

export async function openStage(agent: AgentUnderTest): Promise<Stage> {
  const servers = await openServers(agent);
  const { place } = servers;
  const model = createModel(agent);
  let shared: Drive | undefined;
  let onStage: Drive | undefined;

  const open = (rehearsal: Rehearsal, options: Wanted) =>
    drive(place, agent, { ...options, env: agent.sessionEnv(rehearsal) });

  const play: Play = async (scenario, options, act) => {
    const before = (await servers.ensure()) ? undefined : shared;
    shared = undefined;
    const { rehearsal, isElsewhere } = await model.rehearse(scenario);
    if (isElsewhere) await before?.run({ type: 'session.stop' });
    onStage = before === undefined || isElsewhere ? await open(rehearsal, options) : await goOn(before, options);
    try {
      await act(onStage, rehearsal);
    } catch (failure) {
      process.stderr.write(`${toLastEvents(onStage)}\n`);
      await onStage.run({ type: 'session.stop' }).catch(() => {});
      throw failure;
    }
    expectSound(onStage);
    shared = onStage;
  };

  async function playOn(rehearsal: Rehearsal, options: Wanted, act: Act): Promise<void> {
    const session = await open(rehearsal, options);
    await act(session, rehearsal);
    expectSound(session);
    await session.run({ type: 'session.stop' });
  }

  return {
    agent,
    get baton() {
      return place.baton;
    },
    get peer() {
      return place.peer;
    },
    play,
    async playAlone(scenario, options, act) {
      await servers.ensure();
      await playOn((await model.rehearse(scenario)).rehearsal, options, act);
    },
    async playBeside(scenario, options, act) {
      const own = createModel(agent);
      try {
        await playOn((await own.rehearse(scenario)).rehearsal, options, act);
      } finally {
        await own.close();
      }
    },
    take: (session) => take(place, session),
    async restart(session) {
      await servers.next();
      return (onStage = take(place, session, session.since));
    },
    output: servers.output,
    async close() {
      place.peer.close();
      await place.baton.kill('SIGTERM');
      await model.close();
    },
  };
}

/** The same session for another behaviour, which sees nothing of what was before it. */
async function goOn(before: Drive, { prompt }: Wanted): Promise<Drive> {
  const session = before.fromHere();
  if (prompt !== undefined) await session.prompt(prompt);
  return session;
}

interface Servers {
  /** The one that runs; what has ended is replaced here. */
  readonly place: Place;
  /** Starts one on the data of the last. */
  next(): Promise<void>;
  /** Whether there was none that runs, so that the next had to be started. */
  ensure(): Promise<boolean>;
  output(): string;
}

async function openServers(agent: AgentUnderTest): Promise<Servers> {
  const started: BatonProcess[] = [];
  const ended = new Set<BatonProcess>();

  async function start(): Promise<Place> {
    const last = started.at(-1);
    const where = last === undefined ? {} : { dataDir: last.dataDir, root: last.root };
    const baton = await startBaton({ ...where, env: agent.serverEnv });
    void baton.exited.then(() => ended.add(baton));
    started.push(baton);
    return { baton, peer: await baton.connect() };
  }

  const place = await start();
  const next = async () => void Object.assign(place, await start());
  return {
    place,
    next,
    ensure: async () => {
      if (!ended.has(place.baton)) return false;
      await next();
      return true;
    },
    output: () => started.map((baton) => baton.output()).join(''),
  };
}

/** A model at one address for all scripts: agents that serve several sessions (OpenCode, Codex) go on with the next. */
function createModel(agent: AgentUnderTest) {
  let serving: Rehearsal | undefined;
  let url: string | undefined;

  async function start(scenario: Scenario): Promise<Rehearsal> {
    // While there was none anybody may have taken its port.
    const port = url === undefined ? {} : { port: Number(new URL(url).port) };
    const started = await startRehearsal({ scenario, ...port }).catch(() => startRehearsal({ scenario }));
    const close = () => {
      serving = undefined;
      return started.close();
    };
    return { ...started, close };
  }

  return {
    /** `isElsewhere`: the sessions that were begun with it do not find it any more. */
    async rehearse(named: string | Scenario): Promise<{ rehearsal: Rehearsal; isElsewhere: boolean }> {
      const plain = typeof named === 'string' ? await loadScenario(named) : named;
      const scenario = agent.runInput === undefined ? plain : withRunInput(plain, agent.runInput);
      await serving?.change(scenario);
      const rehearsal = (serving ??= await start(scenario));
      const isElsewhere = url !== undefined && url !== rehearsal.url;
      url = rehearsal.url;
      return { rehearsal, isElsewhere };
    },
    close: async (): Promise<void> => serving?.close(),
  };
}

export function expectSound({ peer, id }: Drive): void {
  const log = peer.events(id);
  const state = log.reduce(evolve, noSession);
  const events = log.map(({ event }) => event);
  expect(checkInvariants(events, state)).toEqual([]);
}

/** The events of one type that the session has had since the behaviour began. */
export function eventsOf<T extends SessionEventType>(session: Drive, type: T): EventOf<T>[] {
  const isIt = (event: { type: string }): event is EventOf<T> => event.type === type;
  return session.events().flatMap(({ event }) => (isIt(event) ? [event] : []));
}

/** For whoever asks why a behaviour failed. */
const toLastEvents = (session: Drive): string =>
  session
    .events()
    .slice(-20)
    .map(({ event }) => JSON.stringify(event).slice(0, 500))
    .join('\n');

/** Tool calls as they ended. */
export function callsOf(session: Drive) {
  return eventsOf(session, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));
}

/** What the model was last told of the conversation, as text. */
export function lastHeard(rehearsal: Rehearsal): string {
  return JSON.stringify(rehearsal.requests().findLast(({ kind }) => kind === 'main')?.body ?? '');
}
