import type { Append, EventStore } from '@baton/core';
import { isAppError, type SessionEvent, type SessionId } from '@baton/protocol';

export const AT = '2026-01-01T00:00:00.000Z';

export function toAppend(name: string, expectedSeq: number, events: SessionEvent[] = [toNotice('hello')]): Append {
  const sessionId = `ses_${name}` as SessionId;
  const seq = expectedSeq + events.length;
  return {
    sessionId,
    expectedSeq,
    at: AT,
    events,
    view: {
      id: sessionId,
      title: `Session ${name}`,
      backend: 'claude',
      cwd: '/home/ada',
      state: 'stopped',
      archived: false,
      seq,
      queue: [],
      pending: { approvals: [], questions: [] },
      usage: { inputTokens: 0, outputTokens: 0 },
      createdAt: AT,
      updatedAt: AT,
    },
  };
}

export function toNotice(text: string): SessionEvent {
  return { type: 'notice.raised', level: 'info', text };
}

export async function fill(
  store: EventStore,
  { sessions, events }: { sessions: number; events: number },
): Promise<void> {
  const all = Array.from({ length: events }, (_, index) => toNotice(`event ${index + 1}`));
  const appends = Array.from({ length: sessions }, (_, index) => store.append(toAppend(String(index), 0, all)));
  await Promise.all(appends);
}

/** `ok`, or kind and message of the error. */
export async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (isAppError(error) ? `${error.kind}: ${error.message}` : String(error)),
  );
}
