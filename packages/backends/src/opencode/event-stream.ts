import type { Clock } from '@baton/core';
import { parseJson } from '@baton/protocol';
import { createLineSplitter } from '@baton/runner';
import { z } from 'zod';
import type { OpencodeApi } from './api.ts';

export interface FolderEvent {
  directory: string | undefined;
  payload: unknown;
}

export interface EventStreamOptions {
  api: OpencodeApi;
  clock: Clock;
  /** Silence after which the stream is taken for lost. The server's heart beats every ten seconds. */
  streamMs: number;
  /** One event, in order. While a returned promise is open nothing more is read. */
  onEvent(event: FolderEvent): void | Promise<void>;
  /** Events may have been missed: what happened meanwhile has to be read from the API. Comes before the event that proves it over. */
  onGap(): void;
}

export interface EventStream {
  /** Resolves when the first connection is up; rejects when it cannot be had. */
  readonly ready: Promise<void>;
  close(): void;
}

const envelopeSchema = z.looseObject({
  directory: z.string().optional(),
  payload: z.looseObject({ type: z.string() }),
});
// A single event may carry a whole file as a part.
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
/** OpenCode greets before it begins to listen to itself, on a busy machine a tenth of a second before. */
const GREETING_MS = 1000;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5000;

/** The one stream of a server's events, kept up: a lost or silent connection is made anew, and the gap is told. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const closing = new AbortController();
  const ready = Promise.withResolvers<void>();
  // Whoever waits hears of it; when nobody does, nothing is lost.
  ready.promise.catch(() => {});
  void keepUp(options, { closing: closing.signal, ready });
  return { ready: ready.promise, close: () => closing.abort() };
}

interface Life {
  closing: AbortSignal;
  ready: PromiseWithResolvers<void>;
}

async function keepUp(options: EventStreamOptions, { closing, ready }: Life): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  let connections = 0;
  let cancelLook = (): void => undefined;
  while (!closing.aborted) {
    try {
      await readConnection(options, closing, () => {
        pause = FIRST_PAUSE_MS;
        connections += 1;
        if (connections === 1) return ready.resolve();
        options.onGap();
        // Nothing may come for as long as the heart takes to beat.
        cancelLook = options.clock.after(GREETING_MS, options.onGap);
      });
    } catch (error) {
      if (connections === 0) return ready.reject(error);
    }
    cancelLook();
    if (closing.aborted) return;
    await wait(options.clock, pause, closing);
    pause = Math.min(pause * 2, LAST_PAUSE_MS);
  }
}

async function readConnection(options: EventStreamOptions, closing: AbortSignal, onUp: () => void): Promise<void> {
  const { api, clock, streamMs, onEvent } = options;
  const silence = new AbortController();
  let cancel = clock.after(streamMs, () => silence.abort());
  let isProven = true;
  const touch = (): void => {
    cancel();
    cancel = clock.after(streamMs, () => silence.abort());
  };
  try {
    const body = await api.openEvents(AbortSignal.any([closing, silence.signal]));
    const splitter = createLineSplitter({ maxLineBytes: MAX_EVENT_BYTES });
    for await (const chunk of body) {
      touch();
      for (const line of splitter.push(chunk)) {
        const event = line.type === 'line' ? toEvent(line.text) : undefined;
        if (event === undefined) continue;
        if (event.payload.type === 'server.connected') {
          isProven = false;
          onUp();
        } else if (!isProven) {
          // From here on nothing is missed; between the greeting and this, something may have been.
          isProven = true;
          options.onGap();
        }
        await onEvent(event);
        touch();
      }
    }
  } finally {
    cancel();
  }
}

function toEvent(line: string): { directory: string | undefined; payload: { type: string } } | undefined {
  if (!line.startsWith('data:')) return undefined;
  const parsed = parseJson(line.slice('data:'.length));
  const envelope = envelopeSchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!envelope.success) return undefined;
  const { directory, payload } = envelope.data;
  // The same again, for OpenCode's own copies on other machines.
  if (payload.type === 'sync') return undefined;
  return { directory, payload };
}

function wait(clock: Clock, ms: number, closing: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  closing.addEventListener('abort', () => {
    cancel();
    resolve();
  });
  return promise;
}
