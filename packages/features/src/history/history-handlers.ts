import type { Engine, FeatureHandlers } from '@baton/core';
import {
  AppError,
  type FoundSession,
  type RecordedEvent,
  sessionIdSchema,
  type SessionView,
  toStandInSessionId,
} from '@baton/protocol';
import type { ConversationIndex, ConversationView } from './conversation-index.ts';
import type { OwnFollower } from './follow-own.ts';
import type { Source, StoredFollower } from './follow-stored.ts';
import { resumeFound } from './resume-found.ts';

export type HistoryRoutes = 'listFound' | 'getHistoryStatus' | 'getFound' | 'resumeFound' | 'search';

export interface HistoryParts {
  engine: Engine;
  index: ConversationIndex;
  sources: readonly Source[];
  own: OwnFollower;
  stored: StoredFollower;
  resolveFolder(path: string): Promise<string>;
}

export function createHistoryHandlers(parts: HistoryParts): FeatureHandlers<HistoryRoutes> {
  const { engine, index, stored } = parts;
  return {
    async listFound({ query }) {
      const page = index.listFound(query);
      return { ...page, items: await Promise.all(page.items.map((each) => show(parts, each))) };
    },
    async getHistoryStatus() {
      return { ...stored.status(), ...index.count() };
    },
    async getFound({ params }) {
      const { found, session } = await read(parts, params.id);
      return { session: found, events: toRecorded(found, session.events) };
    },
    async resumeFound({ params, body, actor, commandId }) {
      const { found, session } = await read(parts, params.id);
      const own = await findOwn(parts, found);
      const request = { found, stored: session, fork: body.fork, sessionId: body.id, own, actor };
      return resumeFound({ ...request, commandId: commandId(body.id) }, { engine, resolveFolder: parts.resolveFolder });
    },
    async search({ query }) {
      const { items, ...page } = index.search(query);
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

function findSource({ sources }: HistoryParts, backend: string): Source['stored'] | undefined {
  return sources.find((source) => source.backend === backend)?.stored;
}

async function show(parts: HistoryParts, found: ConversationView & { id: FoundSession['id'] }): Promise<FoundSession> {
  const live = (await findSource(parts, found.backend)?.isLive?.(found.nativeId)) ?? false;
  return { ...found, live };
}

async function read(parts: HistoryParts, id: FoundSession['id']) {
  const known = parts.index.readFound(id);
  const session = known && (await findSource(parts, known.backend)?.read(known.ref));
  if (known === undefined || session === undefined) {
    throw new AppError('not-found', `There is no stored conversation "${id}"; its agent may have deleted it`);
  }
  const { ref: _, ...view } = known;
  return { found: await show(parts, view), session };
}

async function findOwn(parts: HistoryParts, { nativeId }: FoundSession): Promise<SessionView | undefined> {
  await parts.own.settled();
  const id = sessionIdSchema.safeParse(parts.index.findOwn(nativeId));
  return id.success ? parts.engine.readShortView(id.data) : undefined;
}

// The events of a conversation that is no session of Baton: under an id that no session has.
function toRecorded({ id }: FoundSession, events: readonly { at: string; event: RecordedEvent['event'] }[]) {
  const sessionId = toStandInSessionId(id);
  return events.map(({ at, event }, position): RecordedEvent => ({ sessionId, seq: position + 1, at, event }));
}
