import type { AgentHost, AgentLink, Effect, Survivor } from '../ports/agent-host.ts';
import type { AgentExit } from '../ports/backend.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { AgentPlace } from './agent-place.ts';
import { toApplicantOf } from './applicant.ts';
import { react } from './react.ts';
import type { SessionLog } from './session-log.ts';

/** What an agent was to be asked. */
interface Asked {
  effect: Effect;
  /** The number of the event that asks for it. */
  seq: number;
}

/**
 * Takes up the agent of a session if it outlived the server that asked for it: what it said since comes in, and it is asked
 * what the log asks of it and what it was not asked before. Answers whether there was one that the log knows; one that it does
 * not know has ended then.
 */
export async function adoptSurvivor(
  log: SessionLog,
  { host, store, place, link }: { host: AgentHost; store: EventStore; place: AgentPlace; link: AgentLink },
): Promise<boolean> {
  // Somebody may ask for a session before all of them were taken up.
  await host.open();
  const state = log.requireOpen();
  const survivor = host.survivor(state.id);
  if (survivor === undefined) return false;
  const known = await findKnown(log, { survivor, store });
  if (known === undefined) {
    await host.forsake(state.id);
    return false;
  }
  place.adopt(toApplicantOf(state));
  link.adopt(survivor, { after: known.after, restore: (drafts) => log.drafts.replace(drafts) });
  for (const { effect, seq } of known.missed) link.perform(effect, seq);
  return true;
}

/** What the agent heard that died with the server that asked for it, as `AgentExit.heard`: only of one that the log knows. */
export async function findHeard(log: SessionLog, host: AgentHost): Promise<AgentExit['heard']> {
  const casualty = host.casualty(log.requireOpen().id);
  if (casualty === undefined || casualty.startedBy > log.seq) return undefined;
  for await (const { recorded } of log.replay()) {
    if (recorded.seq > casualty.startedBy && recorded.event.type === 'agent.exited') return undefined;
  }
  return casualty.heard;
}

interface Known {
  missed: Asked[];
  /** The last of its reports that is in the log. */
  after: number;
}

async function findKnown(
  log: SessionLog,
  { survivor, store }: { survivor: Survivor; store: EventStore },
): Promise<Known | undefined> {
  if (log.requireOpen().agent.phase === 'down') return undefined;
  const mark = await store.readMark(survivor.sessionId);
  const after = mark?.run === survivor.run ? mark.report : 0;
  // A log that was put back from a backup: what it lacks is kept nowhere.
  if (after < survivor.takenDown) return undefined;
  const missed = await findMissed(log, survivor);
  return missed && { missed, after };
}

// Undefined when the log tells that this run is over, or does not know it, or not what it was asked.
async function findMissed(log: SessionLog, { startedAfter, askedUpTo }: Survivor): Promise<Asked[] | undefined> {
  if (Math.max(startedAfter, askedUpTo) > log.seq) return undefined;
  const missed: Asked[] = [];
  for await (const { before, recorded, after } of log.replay()) {
    if (recorded.seq <= startedAfter) continue;
    if (recorded.event.type === 'agent.exited') return undefined;
    if (recorded.seq <= askedUpTo || before.status === 'none') continue;
    const effect = react(before, recorded.event, after);
    if (effect !== undefined && effect.type !== 'start') missed.push({ effect, seq: recorded.seq });
  }
  return missed;
}
