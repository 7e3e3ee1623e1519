import type { RecordedEvent } from '@baton/protocol';
import { foldGrants, type Grants } from './approve.ts';
import { foldAll, type History } from './history.ts';
import { foldSpent, type Spent } from './model/usage.ts';

/** What a session takes up again. */
export interface Resumed {
  history: History;
  grants: Grants;
  spent: Spent;
  used: number | undefined;
}

/** Rebuilds a session from its log: the worker keeps nothing anywhere else. Pure. */
export function toResumed(events: readonly RecordedEvent[]): Resumed {
  return { history: foldAll(events), grants: foldGrants(events), ...foldSpent(events) };
}

/** Collects a log. */
export async function readLog(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const collected: RecordedEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}
