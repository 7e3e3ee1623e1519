import type { Engine, FeatureHandlers, StoredSession } from '@baton/core';
import {
  type FoundSession,
  isAppError,
  type RecordedEvent,
  sessionIdSchema,
  type SessionView,
  toStandInSessionId,
} from '@baton/protocol';
import { createKeyedQueue } from '../request/keyed-queue.ts';
import type { AgentAsker } from './ask-agents.ts';
import type { OwnFollower } from './follow-own.ts';
import type { HistoryCalls } from './history-calls.ts';
import { resumeFound } from './resume-found.ts';

export type HistoryRoutes =
  | 'lookForConversations'
  | 'listFound'
  | 'getHistoryStatus'
  | 'getFound'
  | 'resumeFound'
  | 'search';

export interface HistoryParts {
  engine: Engine;
  index: Pick<HistoryCalls, 'listFound' | 'search' | 'status' | 'readFound' | 'findOwn'>;
  own: OwnFollower;
  asker: AgentAsker;
  resolveFolder(path: string): Promise<string>;
}

type ResumeCall = Parameters<FeatureHandlers<HistoryRoutes>['resumeFound']>[0];

export function createHistoryHandlers(parts: HistoryParts): FeatureHandlers<HistoryRoutes> {
  const { engine, index, own, asker, resolveFolder } = parts;
  const resuming = createKeyedQueue();

  async function goOn({ params, body, actor, commandId }: ResumeCall): Promise<SessionView> {
    const { found, session } = await index.readFound(params.id);
    await own.settled();
    // What only an agent can read bears an id that another may use, too.
    const of = { nativeId: found.nativeId, ...(session === undefined ? { backend: found.backend } : {}) };
    const id = sessionIdSchema.safeParse(await index.findOwn(of));
    const known = id.success ? await engine.readShortView(id.data) : undefined;
    const read = () => (session === undefined ? readPast(asker, found) : Promise.resolve(session));
    const request = { found, read, fork: body.fork, sessionId: body.id, own: known, actor };
    return resumeFound({ ...request, commandId: commandId(body.id) }, { engine, resolveFolder });
  }

  return {
    lookForConversations: async ({ params }) => asker.look(params.id),
    listFound: ({ query }) => index.listFound({ ...query, keepers: asker.keepers() }),
    getHistoryStatus: () => index.status(),
    async getFound({ params }) {
      const { found, session } = await index.readFound(params.id);
      const { events } = session ?? (await asker.read(found));
      const turns = events.filter(({ event }) => event.type === 'turn.started').length;
      return { session: { ...found, turns }, events: toRecorded(found, events) };
    },
    // Two who ask at once would each find that nobody goes on with it yet.
    resumeFound: (call) => (call.body.fork ? goOn(call) : resuming.run(call.params.id, () => goOn(call))),
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

// An agent that cannot show its conversations can go on with them: without a past to be seen.
async function readPast(asker: AgentAsker, found: FoundSession): Promise<StoredSession> {
  try {
    return await asker.read(found);
  } catch (cause) {
    if (!isAppError(cause) || cause.kind !== 'capability-missing') throw cause;
    const { nativeId, cwd, title, createdAt, updatedAt } = found;
    return { nativeId, cwd, title, createdAt, updatedAt, events: [] };
  }
}

// The events of a conversation that is no session of Baton: under an id that no session has.
function toRecorded({ id }: FoundSession, events: readonly { at: string; event: RecordedEvent['event'] }[]) {
  const sessionId = toStandInSessionId(id);
  return events.map(({ at, event }, position): RecordedEvent => ({ sessionId, seq: position + 1, at, event }));
}
