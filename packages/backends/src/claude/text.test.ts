import { expect, test } from 'vitest';
import { checkLaws, createPlay, ofType, say } from './__fixtures__/play.ts';

test('shows a message with its first block and streams it', () => {
  const play = createPlay();
  play.prompt();
  expect(play.take(say.start('msg_1'), say.open(0, 'text'))).toMatchObject([
    { type: 'item.started', item: { text: '' } },
  ]);
  expect(play.take(say.text(0, 'Hel'), say.text(0, 'lo'))).toMatchObject([{ text: 'Hel' }, { text: 'lo' }]);
  expect(play.take(say.whole('msg_1', { type: 'text', text: 'Hello' }))).toMatchObject([
    { type: 'item.ended', item: { type: 'agent-message', text: 'Hello' } },
  ]);
});

test('shows no reasoning that has no words', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.start('msg_1'), say.open(0, 'thinking'), say.whole('msg_1', { type: 'thinking', thinking: '' }));
  play.take(
    say.open(1, 'thinking'),
    say.thought(1, 'Hm'),
    say.whole('msg_1', { type: 'thinking', thinking: 'Hm' }),
    say.end(),
  );
  expect(ofType(play.reports, 'item.ended').map(({ item }) => item)).toEqual([{ type: 'reasoning', text: 'Hm' }]);
});

test('puts the final text in the place of a stream that broke off', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.start('msg_1'), say.open(0, 'text'), say.text(0, 'A beginning '));
  play.take(say.whole('msg_2', { type: 'text', text: 'The whole answer' }), say.end());
  expect(ofType(play.reports, 'item.ended')).toMatchObject([{ itemId: 'itm_1', item: { text: 'The whole answer' } }]);
  checkLaws(play.reports);
});

test('does not mix the text of a second stream into the first', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.start('msg_1'), say.open(0, 'text'), say.text(0, 'A beginning '));
  play.take(say.start('msg_2'), say.open(0, 'text'), say.text(0, 'Another '));
  play.take(say.whole('msg_2', { type: 'text', text: 'Another answer' }), say.end());
  expect(ofType(play.reports, 'item.delta').map(({ text }) => text)).toEqual(['A beginning ']);
  expect(ofType(play.reports, 'item.ended')).toMatchObject([{ itemId: 'itm_1', item: { text: 'Another answer' } }]);
  checkLaws(play.reports);
});

test('keeps what was said when nothing came instead', () => {
  const play = createPlay();
  play.prompt();
  play.take(
    say.start('msg_1'),
    say.open(0, 'text'),
    say.text(0, 'Half'),
    say.end({ is_error: true, result: 'API Error' }),
  );
  expect(ofType(play.reports, 'item.ended')).toMatchObject([{ item: { text: 'Half' } }]);
  checkLaws(play.reports);
});

test('takes a message that was never streamed', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.whole('msg_1', { type: 'text', text: 'At once' }), say.end());
  expect(play.reports.map(({ type }) => type)).toEqual(['item.started', 'item.ended', 'turn.ended']);
});

test('says what a command of the CLI itself had to say', () => {
  const play = createPlay();
  play.prompt();
  play.take(say.end({ num_turns: 0, result: '## Context Usage' }));
  expect(ofType(play.reports, 'item.ended')).toMatchObject([
    { item: { type: 'agent-message', text: '## Context Usage' } },
  ]);
});
