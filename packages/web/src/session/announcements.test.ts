import { approvalIdSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toAnnouncements } from './announcements.ts';
import { createTimelineScript } from './conversation/timeline-script.ts';

const wordsSince = (script: ReturnType<typeof createTimelineScript>, act: () => void) => {
  const before = script.timeline();
  act();
  return toAnnouncements(before, script.timeline()).map(({ text, urgency }) => `${urgency}: ${text}`);
};

test('streamed words are not said, the whole message is, once', () => {
  const script = createTimelineScript();
  script.turn('1');
  script.start('m', { type: 'agent-message', text: '' });
  expect(wordsSince(script, () => script.delta('m', 'text', { offset: 0, text: 'Hel' }))).toEqual([]);
  expect(wordsSince(script, () => script.end('m', { type: 'agent-message', text: 'Hello' }))).toEqual([
    'polite: Hello',
  ]);
  expect(wordsSince(script, () => script.call('a', {}))).toEqual([]);
});

test('an approval is said at once', () => {
  const script = createTimelineScript();
  const turnId = script.turn('1');
  const ask = () =>
    script.record({
      type: 'approval.requested',
      approvalId: approvalIdSchema.parse('apr_1'),
      turnId,
      title: 'rm -rf build',
      action: { kind: 'execute', tool: 'Bash', input: {} },
      options: [{ id: 'allow', title: 'Allow', kind: 'allow-once' }],
    });
  expect(wordsSince(script, ask)).toEqual(['assertive: Approval needed: rm -rf build']);
  expect(wordsSince(script, () => script.call('a', {}))).toEqual([]);
});

test('the end of a turn is said with what came of it', () => {
  const script = createTimelineScript();
  script.turn('1');
  script.call('a', { kind: 'edit', locations: [{ path: '/a' }] });
  expect(wordsSince(script, () => script.endTurn('1'))).toEqual(['polite: The turn is done, 1 file changed']);
});

test('nothing of what was there when the page opened is said', () => {
  const script = createTimelineScript();
  expect(
    wordsSince(script, () => {
      script.turn('1');
      script.endTurn('1');
    }),
  ).toEqual([]);
});
