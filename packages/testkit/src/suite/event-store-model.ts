import type { Append, EventStore } from '@baton/core';
import type { CommandId, SessionEvent, SessionId } from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { command, moment, notice, outcomeOf, sampleAppend, session } from './event-store-sample.ts';
import type { CreateEventStore } from './create-event-store.ts';
import { withStore } from './with-store.ts';

/** What one of many writers does: it may know the session's last event or be behind, and may repeat a command. */
interface Write {
  sessionId: SessionId;
  texts: string[];
  /** Added to the true last seq of the moment the round begins. */
  behind: number;
  command: CommandId | undefined;
  delete: boolean;
}

const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 20 });
const anyWrite: fc.Arbitrary<Write> = fc.record({
  sessionId: fc.constantFrom('a', 'b', 'c').map(session),
  texts: fc.array(anyText, { maxLength: 3 }),
  behind: fc.constantFrom(0, 0, 0, 1, -1),
  command: fc.option(
    fc.nat(12).map((n) => command(String(n))),
    { nil: undefined },
  ),
  delete: fc.constantFrom(false, false, false, false, false, false, false, true),
});
/** Writes of one round are made at once, without waiting for each other. */
const anyRounds = fc.array(fc.array(anyWrite, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });

interface ModelSession {
  events: SessionEvent[];
  title: string;
}

/** The contract in the fewest words: one write after the other, in the order they were made. */
interface Model {
  sessions: Map<SessionId, ModelSession>;
  receipts: Map<CommandId, unknown>;
}

export function describeModel(create: CreateEventStore): void {
  describe('concurrent writers', () => {
    test('leave what they would leave one after the other', async () => {
      await fc.assert(
        fc.asyncProperty(anyRounds, (rounds) =>
          withStore(create, async (store) => {
            const model: Model = { sessions: new Map(), receipts: new Map() };
            for (const [index, round] of rounds.entries()) await playRound(store, model, { round, index });
            await compare(store, model);
          })(),
        ),
        { numRuns: 60 },
      );
    });
  });
}

async function playRound(store: EventStore, model: Model, { round, index }: { round: Write[]; index: number }) {
  const appends = round.map((write, place) => toAppend(model, write, `round ${index} write ${place}`));
  const settled: number[] = [];
  const outcomes = appends.map((append, place) => {
    const promise = 'view' in append ? store.append(append) : store.deleteSession(append.sessionId);
    return outcomeOf(promise).finally(() => settled.push(place));
  });
  const expected = appends.map((append) => applyToModel(model, append));
  expect(await Promise.all(outcomes)).toEqual(expected);
  expect(settled).toEqual(settled.toSorted((one, other) => one - other));
}

function toAppend(model: Model, write: Write, title: string): Append | { sessionId: SessionId } {
  const { sessionId } = write;
  if (write.delete) return { sessionId };
  const known = model.sessions.get(sessionId)?.events.length ?? 0;
  const expectedSeq = Math.max(0, known + write.behind);
  const receipt = write.command === undefined ? {} : { receipt: { commandId: write.command, receipt: { title } } };
  return sampleAppend({
    sessionId,
    expectedSeq,
    at: moment(1),
    events: write.texts.map(notice),
    ...receipt,
    view: { title },
  });
}

function applyToModel(model: Model, append: Append | { sessionId: SessionId }): string {
  const { sessionId } = append;
  if (!('view' in append)) {
    model.sessions.delete(sessionId);
    return 'ok';
  }
  const events = model.sessions.get(sessionId)?.events ?? [];
  if (events.length !== append.expectedSeq) return 'store-conflict';
  if (append.receipt && model.receipts.has(append.receipt.commandId)) return 'store-conflict';
  if (append.receipt) model.receipts.set(append.receipt.commandId, append.receipt.receipt);
  const all = [...events, ...append.events];
  if (all.length > 0) model.sessions.set(sessionId, { events: all, title: append.view.title });
  return 'ok';
}

async function compare(store: EventStore, model: Model): Promise<void> {
  for (const sessionId of ['a', 'b', 'c'].map(session)) {
    const expected = model.sessions.get(sessionId);
    const recorded = await store.readEvents(sessionId, { after: 0, limit: 1000 });
    expect(recorded.map(({ event }) => event)).toEqual(expected?.events ?? []);
    expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, index) => index + 1));
    expect(await store.readLastSeq(sessionId)).toBe(recorded.length);
    const view = await store.readView(sessionId);
    expect([view?.title, view?.seq]).toEqual([expected?.title, expected?.events.length]);
  }
  const listed = await store.listSessions({ limit: 10 });
  expect(listed.items.map(({ id }) => id)).toEqual([...model.sessions.keys()].sort());
  for (let n = 0; n <= 12; n += 1) {
    expect(await store.readReceipt(command(String(n)))).toEqual(model.receipts.get(command(String(n))));
  }
}
