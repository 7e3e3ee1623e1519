import {
  type Item,
  type ItemId,
  type RecordedEvent,
  type SessionEvent,
  type ToolCallItem,
  createId,
} from '@baton/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldAll } from './history.ts';
import { toMessages } from './to-messages.ts';
import type { AssistantPart, ChatMessage, UserPart } from './wire.ts';

const SESSION = createId('session');
const AT = '2026-01-01T00:00:00.000Z';

const record = (events: readonly SessionEvent[]): RecordedEvent[] =>
  events.map((event, index) => ({ sessionId: SESSION, seq: index + 1, at: AT, event }));

const rebuild = (...events: SessionEvent[]): ChatMessage[] => toMessages(foldAll(record(events)));

const call = (status: ToolCallItem['status'], output: string, tool = 'bash'): ToolCallItem => ({
  ...{ type: 'tool-call', tool, title: tool, kind: 'execute', input: { command: 'ls' }, startedAt: AT },
  status,
  output: [{ type: 'text', text: output }],
});

const turnId = createId('turn');
const started: SessionEvent = { type: 'turn.started', turnId, input: [{ type: 'text', text: 'Do it' }], by: 'usr_1' };
const ended = (outcome: 'completed' | 'interrupted' | 'failed'): SessionEvent => ({
  type: 'turn.ended',
  turnId,
  outcome,
  durationMs: 1,
});
const begin = (itemId: ItemId, item: Item): SessionEvent => ({ type: 'item.started', turnId, itemId, item });
const end = (itemId: ItemId, item: Item): SessionEvent => ({ type: 'item.ended', itemId, item });
const said = (text: string): Item => ({ type: 'agent-message', text });

function whole(item: Item): SessionEvent[] {
  const itemId = createId('item');
  return [begin(itemId, item), end(itemId, item)];
}

const shape = (messages: readonly ChatMessage[]): string[] =>
  messages.map(
    ({ role, parts }) =>
      `${role}: ${(parts as readonly (UserPart | AssistantPart)[]).map((part) => part.type).join(' ')}`,
  );

describe('a rebuilt conversation', () => {
  test('tells calls of one reply from calls of two', () => {
    const [one, two, three] = [createId('item'), createId('item'), createId('item')];
    const ok = call('completed', 'ok');
    const messages = rebuild(
      started,
      ...[begin(one, ok), begin(two, ok), end(two, ok), end(one, ok)],
      ...[begin(three, ok), end(three, ok)],
      ...whole(said('Done.')),
      ended('completed'),
    );
    expect(shape(messages)).toEqual([
      'user: text',
      'assistant: call call',
      'user: result result',
      'assistant: call',
      'user: result',
      'assistant: text',
    ]);
  });

  test('gives a denied call its note as a failed result', () => {
    const messages = rebuild(
      started,
      ...whole(call('denied', 'The user denied this call and says: no')),
      ended('completed'),
    );
    expect(messages.at(-1)?.parts).toMatchObject([
      { type: 'result', isError: true, text: 'The user denied this call and says: no' },
    ]);
  });

  test('answers calls that a death left open', () => {
    const messages = rebuild(started, begin(createId('item'), call('running', '')));
    expect(messages.at(-1)?.parts).toMatchObject([
      { type: 'result', isError: true, text: expect.stringContaining('cut off') },
    ]);
  });

  test('says where the user stopped it', () => {
    const messages = rebuild(started, ...whole(said('I beg')), ended('interrupted'));
    expect(shape(messages)).toEqual(['user: text', 'assistant: text', 'user: text']);
  });

  test('has the images of prompts and of results', () => {
    const picture: ToolCallItem = {
      ...call('completed', ''),
      output: [{ type: 'image', mediaType: 'image/png', data: 'AA==' }],
    };
    const messages = rebuild(
      { ...started, input: [{ type: 'image', mediaType: 'image/png', data: 'AA==' }] } as SessionEvent,
      ...whole(picture),
    );
    expect(messages[0]?.parts).toMatchObject([{ type: 'image' }]);
    expect(messages.at(-1)?.parts).toMatchObject([{ type: 'result', images: [{ mediaType: 'image/png' }] }]);
  });

  test('begins with the summary after the log was summarised, and keeps the running prompt', () => {
    const messages = rebuild(
      started,
      ...whole(said('Long work')),
      { type: 'raw.received', source: 'worker', payload: { type: 'compaction', summary: 'All was read.' } },
      ...whole(said('Going on')),
    );
    expect(JSON.stringify(messages)).not.toContain('Long work');
    expect(messages).toMatchObject([
      { role: 'user', parts: [{ text: expect.stringContaining('All was read.') }, { text: 'Do it' }] },
      { role: 'assistant', parts: [{ text: 'Going on' }] },
    ]);
  });

  test('ignores what is of others: subagents, foreign records, reasoning without a signature', () => {
    const itemId = createId('item');
    const messages = rebuild(
      started,
      { type: 'item.started', turnId, itemId, parentItemId: createId('item'), item: said('inner') },
      end(itemId, said('inner')),
      { type: 'raw.received', source: 'worker', payload: { type: 'who knows' } },
      { type: 'raw.received', source: 'other', payload: { type: 'compaction', summary: 'not ours' } },
      ...whole({ type: 'reasoning', text: 'Hm' }),
    );
    expect(shape(messages)).toEqual(['user: text']);
  });
});

// Any log, also one that never happens: items of every kind, ended or not, in any order, turns cut anywhere.
const arbitraryItem: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ type: fc.constant('agent-message' as const), text: fc.constantFrom('', ' ', 'words') }),
  fc.record({ type: fc.constant('reasoning' as const), text: fc.constantFrom('', 'thoughts') }),
  fc
    .tuple(
      fc.constantFrom('completed', 'failed', 'denied', 'interrupted', 'running', 'pending'),
      fc.constantFrom('', 'out'),
      fc.constantFrom('bash', ''),
    )
    .map(([status, output, tool]) => call(status as ToolCallItem['status'], output, tool)),
  fc.record({ type: fc.constant('error' as const), kind: fc.constant('internal' as const), message: fc.constant('x') }),
);

type Step =
  | { type: 'turn' | 'end-turn' | 'compact' | 'end-oldest' | 'add' | 'read-added' }
  | { type: 'item'; item: Item };

const arbitrarySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: arbitraryItem.map((item) => ({ type: 'item' as const, item })) },
    { weight: 4, arbitrary: fc.constant({ type: 'end-oldest' as const }) },
    { weight: 2, arbitrary: fc.constantFrom({ type: 'turn' as const }, { type: 'end-turn' as const }) },
    { weight: 2, arbitrary: fc.constantFrom({ type: 'add' as const }, { type: 'read-added' as const }) },
    { weight: 1, arbitrary: fc.constant({ type: 'compact' as const }) },
  ),
  { maxLength: 40 },
);

function toEvents(steps: readonly Step[]): SessionEvent[] {
  const events: SessionEvent[] = [];
  const open: { itemId: ItemId; item: Item }[] = [];
  let current = turnId;
  for (const step of steps) {
    if (step.type === 'turn') {
      current = createId('turn');
      events.push({ type: 'turn.started', turnId: current, input: [{ type: 'text', text: 'prompt' }], by: 'u' });
    } else if (step.type === 'end-turn') {
      events.push({ type: 'turn.ended', turnId: current, outcome: 'interrupted', durationMs: 0 });
    } else if (step.type === 'add') {
      events.push({ type: 'turn.steered', turnId: current, input: [{ type: 'text', text: 'added' }], by: 'u' });
    } else if (step.type === 'read-added') {
      const payload = { type: 'steered', turnId: current, count: 1, files: [] };
      events.push({ type: 'raw.received', source: 'worker', payload });
    } else if (step.type === 'compact') {
      events.push({ type: 'raw.received', source: 'worker', payload: { type: 'compaction', summary: 's' } });
    } else if (step.type === 'item') {
      const itemId = createId('item');
      open.push({ itemId, item: step.item });
      events.push({ type: 'item.started', turnId: current, itemId, item: step.item });
    } else {
      const ending = open.shift();
      if (ending !== undefined) events.push({ type: 'item.ended', ...ending });
    }
  }
  return events;
}

const isValid = (messages: readonly ChatMessage[]): void => {
  messages.forEach((message, index) => {
    expect(message.role).toBe(index % 2 === 0 ? 'user' : 'assistant');
    expect(message.parts.length).toBeGreaterThan(0);
    if (message.role === 'user') return;
    const calls = message.parts.flatMap((part) => (part.type === 'call' ? [part.id] : []));
    const next = messages[index + 1];
    const results =
      next?.role === 'user' ? next.parts.flatMap((part) => (part.type === 'result' ? [part.callId] : [])) : [];
    expect(results.toSorted()).toEqual(calls.toSorted());
    for (const part of message.parts) if (part.type === 'text') expect(part.text.trim()).not.toBe('');
  });
};

test('any log gives messages that alternate, in which every call has its result next', () => {
  fc.assert(
    fc.property(arbitrarySteps, (steps) => {
      isValid(rebuild(...toEvents(steps)));
    }),
    { numRuns: 500 },
  );
});
