import type { Engine } from '@baton/core';
import type { EventOf, ItemId, RecordedEvent, SessionId, TurnId } from '@baton/protocol';

/** What became of a turn, as its session's log tells it. */
export type TurnOutcome =
  /** There is no such session. */
  | { state: 'no-session' }
  /** It was never asked for. */
  | { state: 'unknown' }
  /** It waits or runs. */
  | { state: 'open' }
  /** Somebody took it out of the queue. */
  | { state: 'removed' }
  | { state: 'ended'; event: EventOf<'turn.ended'>; text: string };

const PAGE = 1000;

export async function readOutcome(engine: Engine, sessionId: SessionId, turnId: TurnId): Promise<TurnOutcome> {
  let outcome: TurnOutcome = { state: 'no-session' };
  const children = new Set<ItemId>();
  let text = '';
  for await (const { event } of readLog(engine, sessionId)) {
    if (outcome.state === 'no-session') outcome = { state: 'unknown' };
    if (event.type === 'item.started' && event.parentItemId !== undefined) children.add(event.itemId);
    if (event.type === 'item.ended' && event.item.type === 'agent-message' && !children.has(event.itemId)) {
      text = event.item.text;
    }
    if (!('turnId' in event) || event.turnId !== turnId) continue;
    if (event.type === 'turn.started') text = '';
    outcome = toOutcome(event, text) ?? outcome;
  }
  return outcome;
}

function toOutcome(event: RecordedEvent['event'], text: string): TurnOutcome | undefined {
  if (event.type === 'turn.ended') return { state: 'ended', event, text };
  if (event.type === 'turn.unqueued') return { state: 'removed' };
  return event.type === 'turn.queued' || event.type === 'turn.started' ? { state: 'open' } : undefined;
}

async function* readLog(engine: Engine, sessionId: SessionId): AsyncGenerator<RecordedEvent> {
  for (let after = 0; ; ) {
    const { events } = await engine.readEvents(sessionId, { after, limit: PAGE });
    yield* events;
    if (events.length === 0) return;
    after += events.length;
  }
}
