import type { MessagePort } from 'node:worker_threads';
import type { Clock, StoredSessions } from '@baton/core';
import { AppError, type FoundSession } from '@baton/protocol';
import { ConversationFinder, type Page } from './conversation-finder.ts';
import { ConversationIndex, type ConversationView } from './conversation-index.ts';
import { copyError } from './copy-error.ts';
import { followStored, type Source, type StoredFollower } from './follow-stored.ts';
import type { CallMessage, HistoryCalls, Suspect, ThreadMessage } from './history-calls.ts';
import { openHistoryDatabase } from './history-database.ts';
import { toSince } from './to-since.ts';
import { ToldIndex } from './told-index.ts';

export interface HistoryThreadOptions {
  /** File of the index; made when it is not there, and made anew when it cannot be read. */
  path: string;
  /** The agents that store conversations, with where they do. */
  sources: readonly Source[];
  clock: Clock;
  suspects: readonly Suspect[];
  /** A look is over, and whatever it needed can be given back. */
  onLooked?(): void;
}

interface Parts {
  index: ConversationIndex;
  finder: ConversationFinder;
  told: ToldIndex;
  stored: StoredFollower;
  sources: readonly Source[];
}

/**
 * The index of conversations, behind a port: whoever is at its other end asks by `HistoryCalls`. It has the index for itself.
 * Meant for a thread of its own: reading and writing take slices of some milliseconds, between which calls are answered.
 * Ends, and closes the port, when it is told to stop.
 */
export function serveHistory(port: MessagePort, options: HistoryThreadOptions): void {
  const db = openHistoryDatabase(options.path);
  const [index, finder] = [new ConversationIndex(db), new ConversationFinder(db)];
  const told = new ToldIndex(db, index);
  const send = (message: ThreadMessage) => port.postMessage(message);
  const stored = followStored({
    ...{ index, ...options },
    onFault: (cause) => send({ type: 'fault', error: copyError(cause) }),
    onOwnChanged: (change) => send({ type: 'own-changed', change }),
    onReading: (place) => send({ type: 'reading', place }),
    onRead: (place) => send({ type: 'read', place }),
  });
  const calls = toCallable(createCalls({ index, finder, told, stored, sources: options.sources }));

  async function answer({ number, method, input }: Extract<CallMessage, { type: 'call' }>): Promise<void> {
    try {
      send({ type: 'answered', number, value: await calls[method](input) });
    } catch (cause) {
      send({ type: 'failed', number, error: copyError(cause) });
    }
  }

  async function stop(): Promise<void> {
    await stored.stop();
    index.close();
    port.close();
  }

  port.on('message', (message: CallMessage) => {
    void (message.type === 'stop' ? stop() : answer(message));
  });
}

function createCalls({ index, finder, told, stored, sources }: Parts): HistoryCalls {
  const show = async (found: ConversationView & { id: FoundSession['id'] }): Promise<FoundSession> => {
    const live = (await findStored(sources, found.backend)?.isLive?.(found.nativeId)) ?? false;
    return { ...found, live };
  };
  return {
    async listFound(query) {
      const page = finder.listFound(query);
      return { ...page, items: await Promise.all(page.items.map(show)) } satisfies Page<FoundSession>;
    },
    search: (query) => Promise.resolve(finder.search(query)),
    status: () => Promise.resolve(toStatus(index, stored)),
    async readFound(id) {
      const known = finder.readFound(id);
      const session = known && (await findStored(sources, known.view.backend)?.read(known.ref));
      if (known === undefined || (session === undefined && !known.isTold)) {
        throw new AppError('not-found', `There is no stored conversation "${id}"; its agent may have deleted it`);
      }
      return { found: await show(known.view), session };
    },
    async readSince({ id, ...when }) {
      const known = finder.readFound(id);
      const source = known && findStored(sources, known.view.backend);
      const session = known && (await source?.read(known.ref));
      if (session === undefined) return { past: [] };
      return toSince(session, { ...when, isLive: await source?.isLive?.(session.nativeId) });
    },
    followStored: () => Promise.resolve(stored.follow()),
    findOwn: (of) => Promise.resolve(index.findOwn(of)),
    keepTold: (list) => told.keep(list),
    keepRead: (read) => told.keepRead(read),
    toldFolders: (backend) => Promise.resolve(told.listFolders(backend)),
    listOwn: () => Promise.resolve(index.listOwn()),
    readSeq: (sessionId) => Promise.resolve(index.readSeq(sessionId)),
    addOwn: (content) => Promise.resolve(index.addOwn(content)),
    forgetOwn: (sessionIds) => Promise.resolve(index.forgetOwn(sessionIds)),
    commit: () => Promise.resolve(index.commit()),
  };
}

function findStored(sources: readonly Source[], backend: string): StoredSessions | undefined {
  return sources.find((source) => source.backend === backend)?.stored;
}

function toStatus(index: ConversationIndex, stored: StoredFollower): Awaited<ReturnType<HistoryCalls['status']>> {
  const { isNew, ...follower } = stored.status();
  const { stored: known, ...counts } = index.count();
  return { ...follower, total: known + isNew, ...counts };
}

/** The index in this file, made when it is not there. */
export function openHistoryIndex(path: string): ConversationIndex {
  return new ConversationIndex(openHistoryDatabase(path));
}

/** The calls by their names, with whatever came as the input: both ends of the port are of one build. */
function toCallable(calls: HistoryCalls): Record<keyof HistoryCalls, Callable['call']> {
  return { ...calls };
}

interface Callable {
  // A method, whose input may be any of theirs.
  call(input: unknown): Promise<unknown>;
}
