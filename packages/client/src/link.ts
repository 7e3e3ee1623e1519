import {
  AppError,
  isAppError,
  type CommandInput,
  type SessionId,
  type ServerStatus,
  type ServerTopicFrame,
  type TopicFrame,
  type WatchedName,
} from '@baton/protocol';
import type { Clock } from '@baton/core';
import { createApi, toAuthorization, type Api } from './api.ts';
import type { ConnectionState, PendingCommand, ReadableStore } from './client.ts';
import { createOutbox } from './commands.ts';
import { createConnection } from './connection.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { createResume, type Followed, type Follower } from './resume.ts';
import type { CommandStorage } from './stored-commands.ts';
import { toOpenSocket, type WebSocketConstructor } from './socket.ts';
import { systemClock } from './system-clock.ts';

export interface LinkOptions {
  /** Of the server, such as `http://127.0.0.1:22866` or the page's own origin. */
  url: string;
  /** For programs; a browser has its cookie. Needs a WebSocket that takes headers, as Node's own does. */
  key?: string | undefined;
  /** How this client calls itself. Default `client`. */
  name?: string | undefined;
  webSocket?: WebSocketConstructor | undefined;
  fetch?: typeof globalThis.fetch | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  environment?: Environment | undefined;
  /** Keeps unacknowledged commands over a reload. Default: only in memory. */
  storage?: CommandStorage | undefined;
  /** Checks REST responses against their schemas: for development and tests. */
  validate?: boolean | undefined;
}

export interface LinkListener {
  online?(): void;
  offline?(): void;
  topic?(frame: TopicFrame): void;
  /** The server as it was measured a moment ago. */
  server?(status: ServerStatus): void;
  /** A command left the outbox, with its receipt's verdict. */
  settled?(entry: PendingCommand, ok: boolean): void;
  /** What is sent in place of a command that was refused for this reason, if anything. */
  instead?(command: CommandInput, error: AppError): CommandInput | undefined;
}

/** A connection, the subscriptions on it and the commands through it: what stands below the stores of a client. */
export interface Link {
  readonly api: Api;
  readonly connection: ReadableStore<ConnectionState>;
  readonly pending: ReadableStore<readonly PendingCommand[]>;
  /** As `BatonClient.send`. */
  send(command: CommandInput, options?: { id?: string }): Promise<unknown>;
  /** Every event after `after`, in order, exactly once, over every reconnect. One follower per session. */
  follow(options: { sessionId: SessionId; after: number; follower: Follower }): Followed;
  /** Asks for a topic on this connection; the caller asks again when `online` is told. */
  watch(topic: WatchedName): void;
  unwatch(topic: WatchedName): void;
  reconnect(): void;
  close(): void;
}

/** Connects at once. */
export function createLink(options: LinkOptions, listener: LinkListener = {}): Link {
  const { url, key, clock = systemClock, storage } = options;
  const api = createApi({ url, key, fetch: options.fetch, clock, validate: options.validate });
  const resume = createResume({ send: (frame) => connection.send(frame), fail: (reason) => connection.fail(reason) });
  const outbox = createOutbox({
    send: (frame) => connection.send(frame),
    clock,
    storage,
    settled: (entry, ok) => listener.settled?.(entry, ok),
    instead: (command, error) => listener.instead?.(command, error),
  });
  const connection = createConnection({
    url: toLiveUrl(url),
    headers: toAuthorization(key),
    name: options.name ?? 'client',
    openSocket: toOpenSocket(options.webSocket),
    clock,
    random: options.random ?? Math.random,
    environment: options.environment ?? readEnvironment(),
    isRefused: () => isRefused(api),
    listener: {
      online() {
        listener.online?.();
        resume.online();
        outbox.online();
      },
      offline: () => listener.offline?.(),
      received(frame) {
        if (frame.type === 'receipt') outbox.received(frame);
        else if (frame.type === 'topic') tellTopic(listener, frame);
        else resume.received(frame);
      },
      tooLarge: () => outbox.refuseLast(new AppError('payload-too-large', 'The prompt is too large for the server')),
    },
  });
  return {
    api,
    connection: connection.state,
    pending: outbox.pending,
    send: (command, { id } = {}) => {
      if (connection.state.get().status !== 'closed') return outbox.add(command, id);
      listener.settled?.({ id: id ?? '', command, since: clock.now() }, false);
      return Promise.reject(new AppError('server-unreachable', `Cannot send "${command.type}": the client is closed`));
    },
    follow: (following) => resume.follow(following),
    watch: (topic) => void connection.send({ type: 'watch', topic }),
    unwatch: (topic) => void connection.send({ type: 'unwatch', topic }),
    reconnect: () => connection.reconnect(),
    close() {
      connection.close();
      outbox.close();
    },
  };
}

function tellTopic(listener: LinkListener, frame: TopicFrame | ServerTopicFrame): void {
  if (frame.topic === 'server') listener.server?.(frame.data);
  else listener.topic?.(frame);
}

function toLiveUrl(url: string): string {
  const live = new URL(url);
  live.protocol = live.protocol === 'https:' ? 'wss:' : 'ws:';
  live.pathname = `${live.pathname.replace(/\/+$/, '')}/api/v1/live`;
  return live.href;
}

async function isRefused(api: Api): Promise<boolean> {
  try {
    await api.call('getMe');
    return false;
  } catch (error) {
    return isAppError(error) && error.kind === 'unauthenticated';
  }
}
