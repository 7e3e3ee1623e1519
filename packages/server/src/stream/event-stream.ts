import type { ServerResponse } from 'node:http';
import type { Clock, Engine, SessionFrame, Subscription } from '@baton/core';
import type { SessionId } from '@baton/protocol';
import { every } from '../clock.ts';
import { encodeServerSent } from './encode-server-sent.ts';

export const HEARTBEAT_MS = 15_000;
/** Above this much unread text nothing more is written until the consumer has read on. */
const HIGH_WATER = 1024 * 1024;
/** A consumer that reads nothing for this long is given up. */
const STALLED_MS = 120_000;

export interface EventStream {
  /** Ends the answer; the browser will come back with Last-Event-ID. Idempotent. */
  end(): void;
}

export interface EventStreamOptions {
  engine: Engine;
  clock: Clock;
  sessionId: SessionId;
  after: number;
  /** With its head already written. */
  response: ServerResponse;
  onEnd(): void;
}

/** One session's events as server-sent events: the past from `after` on, `caught-up`, then live ones with deltas. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { engine, clock, response } = options;
  // Set after the first frames may have come.
  const own: { subscription?: Subscription } = {};
  let blockedSince: number | undefined;
  let ended = false;

  response.write('retry: 1000\n\n');
  const stopBeat = every(clock, HEARTBEAT_MS, beat);

  function beat(): void {
    if (blockedSince === undefined) response.write(': still here\n\n');
    else if (clock.now() - blockedSince > STALLED_MS) response.destroy();
  }

  function send(frame: SessionFrame): boolean {
    if (ended) return false;
    response.write(encodeServerSent(frame));
    // The session is gone or was never there: nothing will follow.
    if (frame.type === 'error') queueMicrotask(end);
    const hasRoom = response.writableLength < HIGH_WATER;
    if (!hasRoom) blockedSince ??= clock.now();
    return hasRoom;
  }

  function settle(): void {
    if (ended) return;
    ended = true;
    stopBeat();
    own.subscription?.close();
    options.onEnd();
  }

  function end(): void {
    settle();
    if (!response.writableEnded) response.end();
  }

  response.on('drain', () => {
    if (blockedSince === undefined) return;
    blockedSince = undefined;
    own.subscription?.drained();
  });
  response.once('close', settle);
  // A reset of the connection is told by `close`; without a listener it would be thrown.
  response.on('error', settle);
  own.subscription = engine.subscribe({ sessionId: options.sessionId, after: options.after, sink: { send } });
  if (ended) own.subscription.close();
  return { end };
}
