import type { ServerStatus } from '@baton/protocol';
import type { ReadableStore, ServerSnapshot } from './client.ts';
import type { Link } from './link.ts';
import { createStore } from './store.ts';

export interface ServerStore {
  readonly store: ReadableStore<ServerSnapshot>;
  online(): void;
  offline(): void;
  received(status: ServerStatus): void;
}

/** The `server` topic. Nothing is measured for nobody: it is watched from the first subscriber to the last one. */
export function createServerStore(link: Pick<Link, 'watch' | 'unwatch'>): ServerStore {
  const store = createStore<ServerSnapshot>({ status: 'loading' });
  let subscribers = 0;

  function setStale(): void {
    const { latest } = store.get();
    if (latest !== undefined) store.set({ status: 'stale', latest });
  }

  return {
    store: {
      get: () => store.get(),
      subscribe(listener) {
        const stop = store.subscribe(listener);
        subscribers += 1;
        if (subscribers === 1) link.watch('server');
        let isOver = false;
        return () => {
          if (isOver) return;
          isOver = true;
          stop();
          subscribers -= 1;
          if (subscribers > 0) return;
          link.unwatch('server');
          setStale();
        };
      },
    },
    online() {
      if (subscribers > 0) link.watch('server');
    },
    offline: setStale,
    received(latest) {
      if (subscribers > 0) store.set({ status: 'live', latest });
    },
  };
}
