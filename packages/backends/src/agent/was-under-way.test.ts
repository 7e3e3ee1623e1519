import { createId, type RecordedEvent, type SessionEvent, sessionIdSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { wasUnderWay } from './was-under-way.ts';

const sessionId = sessionIdSchema.parse(createId('session'));
const turnId = createId('turn');
const item = { type: 'agent-message', text: '' } as const;
const begun: SessionEvent = { type: 'turn.started', turnId, input: [{ type: 'text', text: 'go' }], by: 'ada' };
const spoken: SessionEvent = { type: 'item.started', turnId, itemId: createId('item'), item };
const ended = (outcome: 'completed' | 'interrupted' | 'failed'): SessionEvent => ({
  ...{ type: 'turn.ended', turnId, outcome, durationMs: 1 },
});

async function* toHistory(events: readonly SessionEvent[]): AsyncGenerator<RecordedEvent> {
  for (const [index, event] of events.entries())
    yield { sessionId, seq: index + 1, at: '2026-01-01T00:00:00.000Z', event };
}

test.each([
  ['nothing', [], false],
  ['a turn that came to its end', [begun, ended('completed')], true],
  ['a turn that died, whatever was heard of it', [begun, spoken, ended('failed')], false],
  ['a turn that was interrupted at work', [begun, spoken, ended('interrupted')], true],
  ['a turn that was interrupted before the agent heard of it', [begun, ended('interrupted')], false],
  ['words of a turn that died before', [begun, spoken, ended('failed'), begun, ended('interrupted')], false],
])('%s', async (_, events, isUnderWay) => {
  expect(await wasUnderWay(toHistory(events))).toBe(isUnderWay);
});
