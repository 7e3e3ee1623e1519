import type { SessionView, TopicFrame, TopicName } from '@baton/protocol';
import type { InboxSnapshot, NoticesSnapshot, ReadableStore, SessionsSnapshot } from './client.ts';
import type { Scheduler } from './scheduler.ts';
import { createStore, type WritableStore } from './store.ts';

const MOST_NOTICES = 50;

export interface TopicStores {
  readonly sessions: ReadableStore<SessionsSnapshot>;
  readonly inbox: ReadableStore<InboxSnapshot>;
  readonly notices: ReadableStore<NoticesSnapshot>;
  /** Starts to watch a topic, as subscribing to its store does. */
  want(topic: TopicName): void;
  online(): void;
  offline(): void;
  received(frame: TopicFrame): void;
}

/** The lists across sessions. A topic is watched from the first time somebody subscribes to its store. */
export function createTopicStores(options: { watch: (topic: TopicName) => void; scheduler: Scheduler }): TopicStores {
  const { watch, scheduler } = options;
  const wanted = new Set<TopicName>();
  const sessions = createPaced<SessionsSnapshot>({ status: 'loading', sessions: [] }, scheduler);
  const inbox = createPaced<InboxSnapshot>({ status: 'loading', approvals: [], questions: [] }, scheduler);
  const notices = createPaced<NoticesSnapshot>({ notices: [] }, scheduler);

  function want(topic: TopicName): void {
    if (wanted.has(topic)) return;
    wanted.add(topic);
    watch(topic);
  }

  function whenSubscribed<T>(topic: TopicName, store: ReadableStore<T>): ReadableStore<T> {
    return {
      get: () => store.get(),
      subscribe(listener) {
        const stop = store.subscribe(listener);
        want(topic);
        return stop;
      },
    };
  }

  return {
    sessions: whenSubscribed('sessions', sessions),
    inbox: whenSubscribed('approvals', inbox),
    notices: whenSubscribed('notices', notices),
    want,
    online() {
      for (const topic of wanted) watch(topic);
    },
    offline() {
      for (const store of [sessions, inbox]) store.update(toStale);
    },
    received(frame) {
      switch (frame.topic) {
        case 'sessions':
          return sessions.update((before) => foldSessions(before, frame.data));
        case 'approvals': {
          const { approvals, questions } = frame.data;
          return inbox.update(() => ({ status: 'live', approvals, questions }));
        }
        case 'notices':
          return notices.update((before) => ({ notices: [...before.notices, frame.data].slice(-MOST_NOTICES) }));
      }
    },
  };
}

/** The list after one frame of the `sessions` topic, newest activity first. */
export function foldSessions(
  before: SessionsSnapshot,
  data: Extract<TopicFrame, { topic: 'sessions' }>['data'],
): SessionsSnapshot {
  switch (data.kind) {
    case 'snapshot':
      return { status: 'live', sessions: data.sessions.toSorted(byActivity) };
    case 'changed':
      return { ...before, sessions: replace(before.sessions, data.session) };
    case 'deleted':
      return { ...before, sessions: before.sessions.filter(({ id }) => id !== data.sessionId) };
  }
}

function replace(sessions: readonly SessionView[], changed: SessionView): SessionView[] {
  const old = sessions.find(({ id }) => id === changed.id);
  if (old !== undefined && old.seq > changed.seq) return [...sessions];
  return [...sessions.filter(({ id }) => id !== changed.id), changed].toSorted(byActivity);
}

function byActivity(left: SessionView, right: SessionView): number {
  if (left.updatedAt !== right.updatedAt) return left.updatedAt < right.updatedAt ? 1 : -1;
  return left.id < right.id ? 1 : -1;
}

function toStale<T extends { status: 'loading' | 'live' | 'stale' }>(snapshot: T): T {
  return snapshot.status === 'live' ? { ...snapshot, status: 'stale' } : snapshot;
}

interface Paced<T> extends ReadableStore<T> {
  update(change: (before: T) => T): void;
}

// Folds at once and tells at most once per frame.
function createPaced<T>(initial: T, scheduler: Scheduler): Paced<T> {
  const store: WritableStore<T> = createStore(initial);
  let next = initial;
  let scheduled = false;
  return {
    get: () => store.get(),
    subscribe: (listener) => store.subscribe(listener),
    update(change) {
      next = change(next);
      if (scheduled) return;
      scheduled = true;
      scheduler(() => {
        scheduled = false;
        store.set(next);
      });
    },
  };
}
