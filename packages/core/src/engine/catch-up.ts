import type { SessionId } from '@baton/protocol';
import { hasId } from '../session/id-set.ts';
import type { SessionState } from '../session/state.ts';
import type { Actors } from './actors.ts';
import type { MissedPast, Receipt } from './engine.ts';

/** Adds to a session what was said in its conversation elsewhere. */
export function catchUp(
  sessionId: SessionId,
  { nativeId, seq, past }: MissedPast,
  { actors, now }: { actors: Actors; now(): number },
): Promise<Receipt> {
  const latest = new Date(now()).toISOString();
  return actors.use(sessionId, (actor) => {
    const missed = dropKnown(past, actor.state);
    // A clock that was wrong elsewhere puts nothing into the future here.
    const times = missed.map(({ at }) => (at < latest ? at : latest));
    return actor.execute({
      command: { type: 'session.catch-up', nativeId, seq, past: missed.map(({ event }) => event) },
      past: { times: [times[0] ?? latest, ...times] },
      by: 'baton',
    });
  });
}

// Whole turns: all that stands between a known one and the next is known with it.
function dropKnown(past: MissedPast['past'], state: SessionState): MissedPast['past'] {
  let isKnown = false;
  return past.filter(({ event }) => {
    if (event.type === 'turn.started') isKnown = state.status === 'open' && hasId(state.ids, event.turnId);
    return !isKnown;
  });
}
