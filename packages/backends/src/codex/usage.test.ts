import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { type CodexState, createState } from './state.ts';
import { translate } from './translate.ts';
import { toSessionUsage } from './usage.ts';
import type { Notice } from './wire.ts';

const context = { now: '2026-01-01T00:00:00.000Z', createId };
const tokens = (inputTokens: number) => ({
  ...{ totalTokens: inputTokens, inputTokens, outputTokens: inputTokens / 10 },
  ...{ cachedInputTokens: 0, cacheWriteInputTokens: 0 },
});
const used = (threadId: string, total: number, last: number): Notice => ({
  method: 'thread/tokenUsage/updated',
  params: { threadId, turnId: 'turn', tokenUsage: { total: tokens(total), last: tokens(last) } },
});
const play = (...notices: Notice[]): CodexState =>
  notices.reduce(
    (state, notice) => translate(state, notice, context).state,
    createState({ cwd: '/w', threadId: 'main' }),
  );

test('what was used stays used when the conversation goes back, and its totals with it', () => {
  const before = [used('main', 1000, 100), used('main', 1200, 200), used('child', 50, 50)];
  expect(toSessionUsage(play(...before))).toMatchObject({ inputTokens: 350, outputTokens: 35 });
  const back: Notice = { method: 'thread/reverted', params: { threadId: 'main' } };
  expect(toSessionUsage(play(...before, back))).toMatchObject({ inputTokens: 350, outputTokens: 35 });
  const after = play(...before, back, used('main', 1010, 10), used('child', 60, 10), back, used('main', 1020, 20));
  expect(toSessionUsage(after)).toMatchObject({ inputTokens: 390, outputTokens: 39 });
});
