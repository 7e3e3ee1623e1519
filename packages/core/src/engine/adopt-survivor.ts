import type { AgentHost, AgentLink, Effect, Survivor } from '../ports/agent-host.ts';
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
 * what the log asks of it and what it was not asked before. Answers whether there was one that the log knows.
 */
export async function adoptSurvivor(
  log: SessionLog,
  { host, store, place, link }: { host: AgentHost; store: EventStore; place: AgentPlace; link: AgentLink },
): Promise<boolean> {
  const state = log.requireOpen();
  const survivor = host.survivor(state.id);
  if (survivor === undefined || state.agent.phase === 'down') return false;
  const missed = await findMissed(log, survivor);
  if (missed === undefined) return false;
  const mark = await store.readMark(state.id);
  const after = mark?.run === survivor.run ? mark.report : 0;
  place.adopt(toApplicantOf(state));
  link.adopt(survivor, { after, restore: (drafts) => log.drafts.replace(drafts) });
  for (const { effect, seq } of missed) link.perform(effect, seq);
  return true;
}

// Undefined when the log tells that this run is over, or does not know it.
async function findMissed(log: SessionLog, { startedAfter, askedUpTo }: Survivor): Promise<Asked[] | undefined> {
  if (startedAfter > log.seq) return undefined;
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
