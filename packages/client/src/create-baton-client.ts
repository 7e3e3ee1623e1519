import { createId, type SessionId, type TopicFrame } from '@baton/protocol';
import type { BatonClient } from './client.ts';
import { createLink, type Link, type LinkOptions } from './link.ts';
import { createOpenSessions, type OpenSessions } from './open-sessions.ts';
import { createOptimistic, type Optimistic } from './optimistic.ts';
import { toPromptInstead } from './optimistic-steers.ts';
import { withIds } from './optimistic-turns.ts';
import { frameScheduler, type Scheduler } from './scheduler.ts';
import { createServerStore } from './server-store.ts';
import { createSessionStore, type SessionStore } from './session-store.ts';
import { systemClock } from './system-clock.ts';
import { createTopicStores, type TopicStores } from './topic-stores.ts';

export interface BatonClientOptions extends LinkOptions {
  /** When stores tell what changed. Default: once per animation frame. */
  scheduler?: Scheduler | undefined;
  /** How many of a session's last events are loaded at first. Default 1500. */
  window?: number | undefined;
  /** How long a session nobody looks at stays subscribed. Default 30 s. */
  lingerMs?: number | undefined;
}

/** Connects at once and keeps at it until `close`. */
export function createBatonClient(options: BatonClientOptions): BatonClient {
  const { clock = systemClock, scheduler = frameScheduler, lingerMs = 30_000 } = options;
  const link = createLink(options, {
    online() {
      for (const store of [topics, server, ...opened.stores()]) store.online();
    },
    offline() {
      for (const store of [topics, server, ...opened.stores()]) store.offline();
    },
    topic(frame) {
      topics.received(frame);
      tellViews(opened, frame);
    },
    server: (status) => server.received(status),
    settled: (entry, ok) => optimistic.settled(entry, ok),
    instead(command, { kind }) {
      const prompt = toPromptInstead(command, kind);
      if (prompt === undefined) return undefined;
      const full = withIds(prompt);
      optimistic.add({ id: createId('command'), command: full });
      return full;
    },
  });
  const topics = createTopicStores({ watch: (topic) => link.watch(topic), scheduler });
  const server = createServerStore(link);
  const optimistic = createOptimistic({
    pending: link.pending.get(),
    clock,
    changed: (sessionId) => opened.get(sessionId)?.setOptimistic(optimistic.of(sessionId)),
    isUpToDate(sessionId) {
      const status = opened.get(sessionId)?.get().status;
      return status === undefined || status === 'live';
    },
  });
  const opened = createOpenSessions({
    clock,
    lingerMs,
    create: (sessionId) => createStore({ sessionId, link, topics, optimistic, options }),
  });

  return {
    connection: link.connection,
    pending: link.pending,
    sessions: topics.sessions,
    inbox: topics.inbox,
    notices: topics.notices,
    server: server.store,
    send(command, { id = createId('command') } = {}) {
      const full = withIds(command);
      optimistic.add({ id, command: full });
      return link.send(full, { id });
    },
    openSession: (sessionId) => opened.open(sessionId),
    reconnect: () => link.reconnect(),
    close() {
      opened.close();
      link.close();
    },
  };
}

interface StoreParts {
  sessionId: SessionId;
  link: Link;
  topics: TopicStores;
  optimistic: Optimistic;
  options: BatonClientOptions;
}

function createStore({ sessionId, link, topics, optimistic, options }: StoreParts): SessionStore {
  // The list brings the server's own view of the session after every change.
  topics.want('sessions');
  const store = createSessionStore({
    sessionId,
    resume: link,
    api: link.api,
    clock: options.clock ?? systemClock,
    scheduler: options.scheduler ?? frameScheduler,
    window: options.window ?? 1500,
    turnSeen: (turnId) => optimistic.turnSeen(turnId),
    steerSeen: (event) => optimistic.steerSeen(sessionId, event),
    caughtUp: () => optimistic.caughtUp(sessionId),
  });
  store.setOptimistic(optimistic.of(sessionId));
  if (link.connection.get().status === 'online') store.online();
  return store;
}

function tellViews(opened: OpenSessions, { topic, data }: TopicFrame): void {
  if (topic !== 'sessions') return;
  if (data.kind === 'deleted') return opened.get(data.sessionId)?.deleted();
  const views = data.kind === 'snapshot' ? data.sessions : [data.session];
  for (const view of views) opened.get(view.id)?.setView(view);
}
