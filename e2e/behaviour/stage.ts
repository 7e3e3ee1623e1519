import { checkInvariants, evolve, noSession } from '@baton/core';
import type { EventOf, SessionEventType } from '@baton/protocol';
import { type Rehearsal, type Scenario, startRehearsal } from '@baton/rehearsal';
import { expect } from 'vitest';
import type { AgentUnderTest } from '../harness/agents/agent-under-test.ts';
import { type BatonProcess, startBaton } from '../harness/baton-process.ts';
import { type Drive, type DriveOptions, drive, take } from '../harness/drive.ts';
import type { Peer } from '../harness/peer.ts';

/** Where behaviours of one agent are played: a server, a connection to it, and models that follow a script. */
export interface Stage {
  readonly agent: AgentUnderTest;
  readonly baton: BatonProcess;
  readonly peer: Peer;
  /** A session of its own on a model of its own; whatever the act does, the log it leaves keeps every invariant. */
  play(scenario: string | Scenario, options: Omit<DriveOptions, 'env'>, act: Act): Promise<void>;
  /** Another session on the same model. */
  open(rehearsal: Rehearsal, options: Omit<DriveOptions, 'env'>): Promise<Drive>;
  /** A session that exists already. */
  take(session: { id: Drive['id']; cwd: string }): Drive;
  close(): Promise<void>;
}

export type Act = (session: Drive, rehearsal: Rehearsal) => Promise<void>;

export async function openStage(agent: AgentUnderTest): Promise<Stage> {
  const baton = await startBaton({ env: agent.serverEnv });
  const peer = await baton.connect();
  const place = { baton, peer };

  const open = (rehearsal: Rehearsal, options: Omit<DriveOptions, 'env'>) =>
    drive(place, agent, { ...options, env: agent.sessionEnv(rehearsal) });

  // One address for all models, one after the other: agents that serve several sessions (OpenCode, Codex) go on with the next.
  let port: number | undefined;
  async function startModel(scenario: string | Scenario): Promise<Rehearsal> {
    // Between two models anybody may take the port.
    const model = await startRehearsal({ scenario, ...(port === undefined ? {} : { port }) }).catch(() =>
      startRehearsal({ scenario }),
    );
    port = Number(new URL(model.url).port);
    return model;
  }

  async function play(scenario: string | Scenario, options: Omit<DriveOptions, 'env'>, act: Act): Promise<void> {
    const rehearsal = await startModel(scenario);
    try {
      const session = await open(rehearsal, options);
      await act(session, rehearsal);
      expectSound(session);
      await session.run({ type: 'session.stop' });
    } finally {
      await rehearsal.close();
    }
  }

  return {
    agent,
    baton,
    peer,
    play,
    open,
    take: (session) => take(place, session),
    async close() {
      peer.close();
      await baton.kill('SIGTERM');
    },
  };
}

export function expectSound({ peer, id }: Drive): void {
  const log = peer.events(id);
  const state = log.reduce(evolve, noSession);
  const events = log.map(({ event }) => event);
  expect(checkInvariants(events, state)).toEqual([]);
}

/** The events of one type that the session has so far. */
export function eventsOf<T extends SessionEventType>({ peer, id }: Drive, type: T): EventOf<T>[] {
  const isIt = (event: { type: string }): event is EventOf<T> => event.type === type;
  return peer.events(id).flatMap(({ event }) => (isIt(event) ? [event] : []));
}

/** Tool calls as they ended. */
export function callsOf(session: Drive) {
  return eventsOf(session, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));
}

/** What the model was last told of the conversation, as text. */
export function lastHeard(rehearsal: Rehearsal): string {
  return JSON.stringify(rehearsal.requests().findLast(({ kind }) => kind === 'main')?.body ?? '');
}
