import type { Clock, Engine, Feature } from '@baton/core';
import { ConversationIndex } from './conversation-index.ts';
import { followOwn } from './follow-own.ts';
import { followStored, type Source } from './follow-stored.ts';
import { openHistoryDatabase } from './history-database.ts';
import { createHistoryHandlers, type HistoryRoutes } from './history-handlers.ts';

export interface HistoryOptions {
  engine: Engine;
  /** The agents that store conversations, with where they do. */
  sources: readonly Source[];
  clock: Clock;
  /** File of the index; made when it is not there, and made anew when it cannot be read. */
  path: string;
  resolveFolder(path: string): Promise<string>;
  onFault(error: unknown): void;
  /** How long after the start the first look begins, so that it holds up nobody who just opens the page. Default 1.5 s. */
  delayMs?: number;
}

/** Conversations that began in the agents' own programs, beside Baton's, and words to be found in all of them. */
export function createHistory(options: HistoryOptions): Feature<HistoryRoutes> {
  const { engine, clock, sources, onFault, resolveFolder } = options;
  const index = openHistoryIndex(options.path);
  const own = followOwn({ index, engine, clock, onFault });
  const stored = followStored({ index, sources, clock, onFault });
  let cancelStart: (() => void) | undefined;

  return {
    id: 'history',
    handlers: createHistoryHandlers({ engine, index, sources, own, stored, resolveFolder }),
    async start() {
      cancelStart = clock.after(options.delayMs ?? 1500, () => {
        own.catchUp().catch(onFault);
        stored.look().catch(onFault);
      });
    },
    async stop() {
      cancelStart?.();
      await Promise.all([own.stop(), stored.stop()]);
      index.close();
    },
  };
}

/** The index in this file, made when it is not there. */
export function openHistoryIndex(path: string): ConversationIndex {
  return new ConversationIndex(openHistoryDatabase(path));
}
