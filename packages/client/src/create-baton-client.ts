import { createId, type SessionId, type TopicFrame } from '@baton/protocol';
import type { BatonClient, PendingCommand } from './client.ts';
import { createLink, type Link, type LinkOptions } from './link.ts';
import { createOpenSessions, type OpenSessions } from './open-sessions.ts';
import { createOptimisticSteers, toPromptInstead, type OptimisticSteers } from './optimistic-steers.ts';
import { createOptimisticTurns, toPrompt, withIds, type OptimisticTurns } from './optimistic-turns.ts';
import { frameScheduler, type Scheduler } from './scheduler.ts';
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

const UNSEEN_MS = 2_000;

/** Connects at once and keeps at it until `close`. */
export function createBatonClient(options: BatonClientOptions): BatonClient {
  const { clock = systemClock, scheduler = frameScheduler, lingerMs = 30_000 } = options;
  const link = createLink(options, {
    online() {
      topics.online();
      for (const store of opened.stores()) store.online();
    },
    offline() {
      topics.offline();
      for (const store of opened.stores()) store.offline();
    },
    topic(frame) {
      topics.received(frame);
      tellViews(opened, frame);
    },
    settled: (entry, ok) => settle(entry, ok),
    instead(command, error) {
      const prompt = toPromptInstead(command, error.kind);
      if (prompt === undefined) return undefined;
      const full = withIds(prompt);
      optimistic.add(full);
      return full;
    },
  });

  // The event of what was accepted is about to come. Where nobody follows the session, or where it stands in a part of the
  // log that is not loaded, it never does.
  function whenUnseen(sessionId: SessionId, then: () => void): void {
    clock.after(UNSEEN_MS, () => {
      const status = opened.get(sessionId)?.get().status;
      if (status === undefined || status === 'live') then();
    });
  }

  function settle({ id, command }: PendingCommand, ok: boolean): void {
    const turn = toPrompt(command);
    if (turn !== undefined && ok) {
      optimistic.accept(turn.turnId);
      whenUnseen(turn.sessionId, () => optimistic.remove(turn.turnId));
    } else if (turn !== undefined) optimistic.remove(turn.turnId);
    if (command.type !== 'turn.steer') return;
    if (ok) clock.after(UNSEEN_MS, () => steers.remove(id));
    else steers.remove(id);
  }

  const topics = createTopicStores({ watch: (topic) => link.watch(topic), scheduler });
  const optimistic = createOptimisticTurns({
    pending: link.pending.get(),
    changed: (sessionId) => opened.get(sessionId)?.setOptimistic(optimistic.of(sessionId)),
  });
  const steers = createOptimisticSteers({
    pending: link.pending.get(),
    changed: (sessionId) => opened.get(sessionId)?.setSteering(steers.of(sessionId)),
  });
  const opened = createOpenSessions({
    clock,
    lingerMs,
    create: (sessionId) => createStore({ sessionId, link, topics, optimistic, steers, options }),
  });

  return {
    connection: link.connection,
    pending: link.pending,
    sessions: topics.sessions,
    inbox: topics.inbox,
    notices: topics.notices,
    send(command, { id = createId('command') } = {}) {
      const full = withIds(command);
      optimistic.add(full);
      steers.add(id, full);
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
  optimistic: OptimisticTurns;
  steers: OptimisticSteers;
  options: BatonClientOptions;
}

function createStore({ sessionId, link, topics, optimistic, steers, options }: StoreParts): SessionStore {
  // The list brings the server's own view of the session after every change.
  topics.want('sessions');
  const store = createSessionStore({
    sessionId,
    resume: link,
    api: link.api,
    clock: options.clock ?? systemClock,
    scheduler: options.scheduler ?? frameScheduler,
    window: options.window ?? 1500,
    turnSeen: (turnId) => optimistic.remove(turnId),
    steerSeen: (event) => steers.seen(sessionId, event),
    caughtUp: () => optimistic.settle(sessionId),
  });
  store.setOptimistic(optimistic.of(sessionId));
  store.setSteering(steers.of(sessionId));
  if (link.connection.get().status === 'online') store.online();
  return store;
}

function tellViews(opened: OpenSessions, { topic, data }: TopicFrame): void {
  if (topic !== 'sessions') return;
  if (data.kind === 'deleted') return opened.get(data.sessionId)?.deleted();
  const views = data.kind === 'snapshot' ? data.sessions : [data.session];
  for (const view of views) opened.get(view.id)?.setView(view);
}
