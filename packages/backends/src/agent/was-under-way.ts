import type { RecordedEvent } from '@baton/protocol';

/**
 * Whether an agent has to have a conversation still: a turn of it came to an end that the agent told. A turn that died with
 * its process may have been heard in part and never been written down.
 */
export async function wasUnderWay(history: AsyncIterable<RecordedEvent>): Promise<boolean> {
  for await (const { event } of history) if (event.type === 'turn.ended' && event.outcome !== 'failed') return true;
  return false;
}
