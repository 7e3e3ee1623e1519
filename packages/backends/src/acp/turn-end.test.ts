import { createId } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { toTranslationContext } from '../agent/translation-context.ts';
import { startState } from './__fixtures__/start-state.ts';
import { runStep } from './state.ts';
import { translate } from './translate.ts';
import { applyPromptResult, beginTurn } from './turn-end.ts';

const ANSWERED = { inputTokens: 10, outputTokens: 20 };

/** What is told when a turn with these updates ends in good order. */
function tellEnd(updates: readonly object[], usage?: object): string[] {
  const context = toTranslationContext(createManualClock());
  const begun = beginTurn(startState, createId('turn'), context).state;
  const state = updates.reduce<typeof begun>((before, update) => {
    const call = { method: 'session/update', params: { sessionId: 's', update } };
    return translate(before, call, context)?.state ?? before;
  }, begun);
  const outcome = { ok: true, result: { stopReason: 'end_turn', ...(usage && { usage }) } } as const;
  const { reports } = runStep(state, context, (step) => applyPromptResult(step, outcome));
  expect(reports.at(-1)).toMatchObject({ type: 'turn.ended', outcome: 'completed' });
  return reports.flatMap((report) => (report.type === 'notice.raised' ? [`${report.level}: ${report.text}`] : []));
}

test('a turn whose words never came is told, when its agent says that its model answered', () => {
  const lost = 'warning: Odd ended its turn, and told nothing of what its model answered. Send the prompt again.';
  expect(tellEnd([], ANSWERED)).toEqual([lost]);
});

test('a turn without a word is told when nobody knows what its model did', () => {
  expect(tellEnd([])).toEqual(['info: Odd ended its turn without a word.']);
});

test('a command of the agent that asks no model has nothing to say', () => {
  expect(tellEnd([], { inputTokens: 0, outputTokens: 0 })).toEqual([]);
});

test('words, thoughts, calls and plans are each enough', () => {
  const content = { type: 'text', text: 'Hello' };
  const plan = { sessionUpdate: 'plan', entries: [{ content: 'Look', priority: 'high', status: 'pending' }] };
  const call = { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Look', kind: 'read', status: 'completed' };
  expect(tellEnd([{ sessionUpdate: 'agent_message_chunk', content }], ANSWERED)).toEqual([]);
  expect(tellEnd([{ sessionUpdate: 'agent_thought_chunk', content }], ANSWERED)).toEqual([]);
  expect(tellEnd([call], ANSWERED)).toEqual([]);
  expect(tellEnd([plan], ANSWERED)).toEqual([]);
});
