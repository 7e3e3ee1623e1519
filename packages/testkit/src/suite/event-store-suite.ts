import { describe } from 'vitest';
import type { CreateEventStore } from './create-event-store.ts';
import { describeAppends } from './event-store-appends.ts';
import { describeDrafts } from './event-store-drafts.ts';
import { describeInbox } from './event-store-inbox.ts';
import { describeLife } from './event-store-life.ts';
import { describeSessionList } from './event-store-list.ts';
import { describeModel } from './event-store-model.ts';

/**
 * The contract of the port `EventStore`, sentence by sentence: every adapter runs it.
 *
 * What needs a broken disk or a killed process is tested beside the adapter that has a disk.
 */
export function describeEventStore(name: string, create: CreateEventStore): void {
  describe(`event store: ${name}`, () => {
    describeAppends(create);
    describeSessionList(create);
    describeInbox(create);
    describeDrafts(create);
    describeLife(create);
    describeModel(create);
  });
}
