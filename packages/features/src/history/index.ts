import type { Backend, Clock, Engine, Feature } from '@baton/core';
import { isAppError } from '@baton/protocol';
import { createAgentAsker } from './ask-agents.ts';
import { createCatchUp } from './catch-up-own.ts';
import { followOwn } from './follow-own.ts';
import { createHistoryHandlers, type HistoryRoutes } from './history-handlers.ts';
import { createHistoryLink, type HistoryLinkOptions } from './history-link.ts';

export interface HistoryOptions extends Pick<HistoryLinkOptions, 'startThread'> {
  engine: Engine;
  /** The agents there are now; some of them can be asked for their conversations. */
  backends(): readonly Backend[];
  clock: Clock;
  resolveFolder(path: string): Promise<string>;
  onFault(error: unknown): void;
  /** How long after the start the first look begins, so that it holds up nobody who just opens the page. Default 1.5 s. */
  delayMs?: number;
}

/** Conversations that began in the agents' own programs, beside Baton's, and words to be found in all of them. */
export function createHistory(options: HistoryOptions): Feature<HistoryRoutes> {
  const { engine, backends, clock, startThread, resolveFolder } = options;
  // What was asked while the server stops is done by the next one.
  const onFault = (cause: unknown) => {
    if (!isAppError(cause) || cause.kind !== 'shutting-down') options.onFault(cause);
  };
  const link = createHistoryLink({
    ...{ clock, startThread, onRestarted: follow, onFault },
    onOwnChanged: (change) => elsewhere.hear(change),
  });
  const index = link.calls;
  const elsewhere = createCatchUp({ index, engine, clock, onFault });
  const own = followOwn({ index, engine, clock, onFault });
  const asker = createAgentAsker({ engine, backends, index, own, clock, onFault });
  let cancelStart: (() => void) | undefined;

  function follow(): void {
    own.catchUp().catch(onFault);
    index.followStored().catch(onFault);
  }

  return {
    id: 'history',
    handlers: createHistoryHandlers({ engine, index, own, asker, resolveFolder }),
    async start() {
      cancelStart = clock.after(options.delayMs ?? 1500, follow);
    },
    async stop() {
      cancelStart?.();
      await Promise.all([asker.stop(), own.stop(), elsewhere.stop()]);
      await link.stop();
    },
  };
}
