import type { Engine, FeatureHandlers } from '@baton/core';
import {
  type FoundSession,
  type RecordedEvent,
  sessionIdSchema,
  type SessionView,
  toStandInSessionId,
} from '@baton/protocol';
import type { OwnFollower } from './follow-own.ts';
import type { HistoryCalls } from './history-calls.ts';
import { resumeFound } from './resume-found.ts';

export type HistoryRoutes = 'listFound' | 'getHistoryStatus' | 'getFound' | 'resumeFound' | 'search';

export interface HistoryParts {
  engine: Engine;
  index: Pick<HistoryCalls, 'listFound' | 'search' | 'status' | 'readFound' | 'findOwn'>;
  own: OwnFollower;
  resolveFolder(path: string): Promise<string>;
}

export function createHistoryHandlers(parts: HistoryParts): FeatureHandlers<HistoryRoutes> {
  const { engine, index, own, resolveFolder } = parts;
  return {
    listFound: ({ query }) => index.listFound(query),
    getHistoryStatus: () => index.status(),
    async getFound({ params }) {
      const { found, session } = await index.readFound(params.id);
      return { session: found, events: toRecorded(found, session.events) };
    },
    async resumeFound({ params, body, actor, commandId }) {
      const { found, session } = await index.readFound(params.id);
      await own.settled();
      const id = sessionIdSchema.safeParse(await index.findOwn(found.nativeId));
      const known = id.success ? await engine.readShortView(id.data) : undefined;
      const request = { found, stored: session, fork: body.fork, sessionId: body.id, own: known, actor };
      return resumeFound({ ...request, commandId: commandId(body.id) }, { engine, resolveFolder });
    },
    async search({ query }) {
      const { items, ...page } = await index.search(query);
      const views = new Map<string, SessionView | undefined>();
      for (const { sessionId } of items) {
        // Titles change; the index does not follow them.
        if (sessionId !== undefined && !views.has(sessionId))
          views.set(sessionId, await engine.readShortView(sessionId));
      }
      const hits = items.flatMap(({ view, ...hit }) => {
        const shown = view ?? (hit.sessionId && views.get(hit.sessionId));
        return shown === undefined ? [] : [{ ...hit, title: shown.title, cwd: shown.cwd }];
      });
      return { ...page, items: hits };
    },
  };
}

// The events of a conversation that is no session of Baton: under an id that no session has.
function toRecorded({ id }: FoundSession, events: readonly { at: string; event: RecordedEvent['event'] }[]) {
  const sessionId = toStandInSessionId(id);
  return events.map(({ at, event }, position): RecordedEvent => ({ sessionId, seq: position + 1, at, event }));
}
