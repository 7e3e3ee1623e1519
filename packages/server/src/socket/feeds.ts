import type { Engine, FrameSink, SessionFrame, Subscription } from '@baton/core';
import type { ServerTopicFrame, SessionId, TopicFrame, WatchedName } from '@baton/protocol';
import type { StatusBoard } from '../status/status-board.ts';
import type { Outbox } from './outbox.ts';

/** What one connection follows: sessions and topics, each at most once. */
export interface Feeds {
  /** Following again begins anew from `after`. */
  subscribe(sessionId: SessionId, after: number): void;
  unsubscribe(sessionId: SessionId): void;
  watch(topic: WatchedName): void;
  unwatch(topic: WatchedName): void;
  /** The peer has read on. */
  drained(): void;
  has(sessionId: SessionId): boolean;
  readonly size: number;
  closeAll(): void;
}

interface Feed {
  subscription?: Subscription;
  closed: boolean;
  blocked: boolean;
}

type Frame = SessionFrame | TopicFrame | ServerTopicFrame;

export function createFeeds({ engine, board }: { engine: Engine; board: StatusBoard }, outbox: Outbox): Feeds {
  const feeds = new Map<string, Feed>();

  function close(key: string): void {
    const feed = feeds.get(key);
    if (feed === undefined) return;
    feeds.delete(key);
    feed.closed = true;
    feed.subscription?.close();
  }

  function offer(key: string, feed: Feed, frame: Frame): boolean {
    if (feed.closed) return false;
    const hasRoom = outbox.offer(frame);
    // After an error nothing follows: the session is gone, or its log could not be read.
    if (frame.type === 'error') queueMicrotask(() => feeds.get(key) === feed && close(key));
    feed.blocked = !hasRoom;
    return hasRoom;
  }

  // The engine may deliver, and even end, before `open` returns.
  function follow<F extends Frame>(key: string, open: (sink: FrameSink<F>) => Subscription): void {
    close(key);
    const feed: Feed = { closed: false, blocked: false };
    feeds.set(key, feed);
    feed.subscription = open({ send: (frame) => offer(key, feed, frame) });
    if (feed.closed) feed.subscription.close();
  }

  return {
    subscribe(sessionId, after) {
      const key = toSessionKey(sessionId);
      follow<SessionFrame>(key, (sink) => engine.subscribe({ sessionId, after, sink }));
    },
    watch(topic) {
      if (topic === 'server') return follow<ServerTopicFrame>(topic, (sink) => board.watch(sink));
      follow<TopicFrame>(topic, (sink) => engine.watch({ topic, sink }));
    },
    unsubscribe: (sessionId) => close(toSessionKey(sessionId)),
    unwatch: (topic) => close(topic),
    has: (sessionId) => feeds.has(toSessionKey(sessionId)),
    drained() {
      for (const feed of feeds.values()) {
        if (!feed.blocked) continue;
        feed.blocked = false;
        feed.subscription?.drained();
      }
    },
    get size() {
      return feeds.size;
    },
    closeAll() {
      for (const key of [...feeds.keys()]) close(key);
    },
  };
}

function toSessionKey(sessionId: SessionId): string {
  return `session ${sessionId}`;
}
