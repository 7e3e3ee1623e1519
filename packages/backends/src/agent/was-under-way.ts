import type { RecordedEvent } from '@baton/protocol';

/**
 * Whether an agent has to have a conversation still: a turn of it came to an end that the agent told. A turn that died with
 * its process may have been heard in part and never been written down, and one that was interrupted before the agent said
 * anything may never have reached it.
 */
export async function wasUnderWay(history: AsyncIterable<RecordedEvent>): Promise<boolean> {
  let hasSpoken = false;
  for await (const { event } of history) {
    if (event.type === 'turn.started') hasSpoken = false;
    else if (event.type === 'item.started') hasSpoken ||= event.item.type !== 'user-message';
    else if (event.type === 'turn.ended' && event.outcome === 'completed') return true;
    else if (event.type === 'turn.ended' && event.outcome === 'interrupted' && hasSpoken) return true;
  }
  return false;
}
