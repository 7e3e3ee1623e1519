import type { Clock, Engine, Feature } from '@baton/core';
import { followOwn } from './follow-own.ts';
import { createHistoryHandlers, type HistoryRoutes } from './history-handlers.ts';
import { createHistoryLink, type HistoryLinkOptions } from './history-link.ts';

export interface HistoryOptions extends Pick<HistoryLinkOptions, 'startThread'> {
  engine: Engine;
  clock: Clock;
  resolveFolder(path: string): Promise<string>;
  onFault(error: unknown): void;
  /** How long after the start the first look begins, so that it holds up nobody who just opens the page. Default 1.5 s. */
  delayMs?: number;
}

/** Conversations that began in the agents' own programs, beside Baton's, and words to be found in all of them. */
export function createHistory(options: HistoryOptions): Feature<HistoryRoutes> {
  const { engine, clock, startThread, onFault, resolveFolder } = options;
  const link = createHistoryLink({ clock, startThread, onRestarted: follow, onFault });
  const index = link.calls;
  const own = followOwn({ index, engine, clock, onFault });
  let cancelStart: (() => void) | undefined;

  function follow(): void {
    own.catchUp().catch(onFault);
    index.followStored().catch(onFault);
  }

  return {
    id: 'history',
    handlers: createHistoryHandlers({ engine, index, own, resolveFolder }),
    async start() {
      cancelStart = clock.after(options.delayMs ?? 1500, follow);
    },
    async stop() {
      cancelStart?.();
      await own.stop();
      await link.stop();
    },
  };
}
