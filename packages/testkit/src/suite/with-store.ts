import type { EventStore } from '@baton/core';
import type { CreateEventStore } from './create-event-store.ts';

/** A test over a fresh store, which is closed whatever happens. */
export function withStore(create: CreateEventStore, body: (store: EventStore) => Promise<void>): () => Promise<void> {
  return async () => {
    const store = await create();
    try {
      await body(store);
    } finally {
      await store.close();
    }
  };
}
