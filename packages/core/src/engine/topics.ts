import type { RecordedEvent, SessionId, SessionView, TopicFrame, TopicName } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { EventStore } from '../ports/event-store.ts';
import type { FrameSink, Subscription } from './engine.ts';
import { readTopic } from './read-topic.ts';
import { TopicWatcher } from './topic-watcher.ts';

/** A streaming session changes often; its card need not. */
const COALESCE_MS = 40;
const RETRY_MS = 1000;

export interface Topics {
  watch(topic: TopicName, sink: FrameSink<TopicFrame>): Subscription;
  changed(view: SessionView, recorded: readonly RecordedEvent[]): void;
  deleted(sessionId: SessionId): void;
}

export interface TopicsOptions {
  store: EventStore;
  clock: Clock;
  /** What is shown of a session beside its log. */
  decorate(view: SessionView): SessionView;
  onFault(error: unknown): void;
}

/** What lists and badges follow: sessions, the inbox, notices. */
export function createTopics(options: TopicsOptions): Topics {
  return new Board(options);
}

class Board implements Topics {
  readonly #options: TopicsOptions;
  readonly #watchers: Record<TopicName, Set<TopicWatcher>> = {
    sessions: new Set(),
    approvals: new Set(),
    notices: new Set(),
  };
  /** Sessions whose card is to be told of. */
  readonly #waiting = new Map<SessionId, SessionView>();
  /** What lists look like since the last change: after a restart all viewers ask for it at once. */
  readonly #snapshots = new Map<TopicName, Promise<TopicFrame | undefined>>();
  #inboxWaits = false;

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  watch(topic: TopicName, sink: FrameSink<TopicFrame>): Subscription {
    const { clock, onFault } = this.#options;
    const watcher = new TopicWatcher({
      sink,
      clock,
      onFault,
      readSnapshot: () => this.#readSnapshot(topic),
      onClose: (each) => this.#watchers[topic].delete(each),
    });
    this.#watchers[topic].add(watcher);
    return { drained: () => watcher.drained(), close: () => watcher.close() };
  }

  changed(view: SessionView, recorded: readonly RecordedEvent[]): void {
    this.#snapshots.clear();
    if (this.#watchers.sessions.size > 0) {
      if (this.#waiting.size === 0) this.#options.clock.after(COALESCE_MS, () => this.#flushSessions());
      this.#waiting.set(view.id, view);
    }
    for (const { event, at } of recorded) {
      if (event.type === 'notice.raised') {
        const { level, text } = event;
        this.#publish({
          type: 'topic',
          topic: 'notices',
          data: { kind: 'raised', level, text, at, sessionId: view.id },
        });
      }
      if (event.type.startsWith('approval.') || event.type.startsWith('question.')) this.#scheduleInbox();
    }
  }

  deleted(sessionId: SessionId): void {
    this.#snapshots.clear();
    this.#waiting.delete(sessionId);
    this.#publish({ type: 'topic', topic: 'sessions', data: { kind: 'deleted', sessionId } });
    this.#scheduleInbox();
  }

  // Whoever asks before the next change may have the one that is being read: that change is told to all who watch by then.
  #readSnapshot(topic: TopicName): Promise<TopicFrame | undefined> {
    const { store, decorate } = this.#options;
    const known = this.#snapshots.get(topic);
    if (known !== undefined) return known;
    const snapshot = readTopic(store, topic, decorate);
    this.#snapshots.set(topic, snapshot);
    snapshot.catch(() => this.#snapshots.get(topic) === snapshot && this.#snapshots.delete(topic));
    return snapshot;
  }

  #publish(frame: TopicFrame): void {
    for (const watcher of this.#watchers[frame.topic]) watcher.take(frame);
  }

  #flushSessions(): void {
    for (const view of this.#waiting.values()) {
      const session = this.#options.decorate(view);
      this.#publish({ type: 'topic', topic: 'sessions', data: { kind: 'changed', session } });
    }
    this.#waiting.clear();
  }

  // The inbox is told whole: it is small, and what changed in it can be anywhere.
  #scheduleInbox(delay = COALESCE_MS): void {
    if (this.#inboxWaits || this.#watchers.approvals.size === 0) return;
    this.#inboxWaits = true;
    this.#options.clock.after(delay, () => {
      this.#inboxWaits = false;
      readTopic(this.#options.store, 'approvals', this.#options.decorate).then(
        (frame) => frame && this.#publish(frame),
        (error: unknown) => {
          this.#options.onFault(error);
          this.#scheduleInbox(RETRY_MS);
        },
      );
    });
  }
}
