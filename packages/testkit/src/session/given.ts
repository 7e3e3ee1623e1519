import { type DecisionContext, decide, evolve, noSession, type SessionCommand, type SessionState } from '@baton/core';
import type { ErrorKind, ItemId, RecordedEvent, SessionEvent, SessionId, TurnId } from '@baton/protocol';
import { expect } from 'vitest';

export const SESSION = 'ses_test' as SessionId;
export const AT = '2026-11-20T12:00:00.000Z';

export interface When {
  /** These events, exactly and in this order; fields that are not given are not compared. */
  then(...events: (Partial<SessionEvent> & { type: SessionEvent['type'] })[]): void;
  thenNothing(): void;
  rejected(kind: ErrorKind): void;
}

/** Numbers events from 1, all at the same moment. */
export function record(events: readonly SessionEvent[], after = 0): RecordedEvent[] {
  return events.map((event, index) => ({ sessionId: SESSION, seq: after + index + 1, at: AT, event }));
}

export function fold(events: readonly SessionEvent[]): SessionState {
  return record(events).reduce(evolve, noSession);
}

export function contextOf(overrides: Partial<DecisionContext> = {}): DecisionContext {
  return {
    sessionId: SESSION,
    now: AT,
    by: 'ada',
    via: 'user',
    freshTurnId: 'trn_fresh' as TurnId,
    mayStart: true,
    waits: false,
    textSoFar: (_: ItemId) => undefined,
    ...overrides,
  };
}

/** `given(...events).when(command).then(...events)`: the specification of `decide` in its own words. */
export function given(...events: SessionEvent[]): {
  when(command: SessionCommand, context?: Partial<DecisionContext>): When;
} {
  return {
    when(command, overrides) {
      const decision = decide(fold(events), command, contextOf(overrides));
      return {
        then(...expected) {
          expect(decision).toMatchObject({ ok: true });
          const actual = decision.ok ? decision.events : [];
          expect(actual.map((event) => event.type)).toEqual(expected.map((event) => event.type));
          for (const [index, event] of expected.entries()) expect(actual[index]).toMatchObject(event);
        },
        thenNothing() {
          expect(decision).toEqual({ ok: true, events: [] });
        },
        rejected(kind) {
          expect(decision).toMatchObject({ ok: false, kind });
        },
      };
    },
  };
}
