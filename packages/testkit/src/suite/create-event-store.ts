import type { EventStore } from '@baton/core';

/** Makes a fresh, empty store for one test. The suite closes it; what lies below it is for the caller to remove. */
export type CreateEventStore = () => EventStore | Promise<EventStore>;
