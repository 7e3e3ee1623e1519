import { expect, test } from 'vitest';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Conversation, Message } from './conversation.ts';
import { createPlayer } from './player.ts';

const MAIN = parseScenario(
  `name: main
title: Main
turns:
  - when: weather
    steps: [Sunny.]
  - steps: [First.]
  - steps: [Second.]
  - steps: [Last.]`,
);
const OTHER = parseScenario('name: other\ntitle: Other\nturns:\n  - steps: [Other one.]\n  - steps: [Other two.]');

const player = createPlayer({ main: MAIN, find: (name) => [MAIN, OTHER].find((scenario) => scenario.name === name) });

const user = (text: string): Message => ({ role: 'user', text, images: [], results: [] });
const agent = (...calls: string[]): Message => ({ role: 'assistant', text: 'ok', calls });
const result = (text = ''): Message => ({ role: 'user', text, images: [], results: [{ text: 'ok', isError: false }] });

function play(messages: Message[], change: Partial<Conversation> = {}): string {
  const { reply } = player.play({
    ...{ model: 'm', system: '', tools: [], stream: true, sessionKey: '', userAgent: '' },
    messages,
    ...change,
  });
  return reply.beats.flatMap((beat) => (beat.type === 'text' ? [...beat.pieces] : [])).join('');
}

test('plays turns without a condition one after another; the last repeats', () => {
  const past: Message[] = [];
  const heard = ['a', 'b', 'c', 'd'].map((prompt) => {
    past.push(user(prompt));
    const said = play(past);
    past.push(agent());
    return said;
  });
  expect(heard).toEqual(['First.', 'Second.', 'Last.', 'Last.']);
});

test('plays a turn with a condition whenever it fits, without counting it', () => {
  expect(play([user('a'), agent(), user('How is the WEATHER?')])).toBe('Sunny.');
  expect(play([user('weather'), agent(), user('a')])).toBe('First.');
});

test('changes the scene for the rest of the conversation', () => {
  expect(play([user('a'), agent(), user('[scene other] b')])).toBe('Other one.');
  expect(play([user('a'), agent(), user('[scene other] b'), agent(), user('c')])).toBe('Other two.');
  expect(play([user('[scene other] b'), agent(), user('[scene main] c')])).toBe('First.');
});

test('takes the scene from the name of the model, and stays in its own for a scene nobody knows', () => {
  expect(play([user('a')], { model: 'rehearsal:other' })).toBe('Other one.');
  expect(play([user('[scene nowhere] a')])).toBe('First.');
});

test('sees neither reminders nor the words around an interruption as prompts', () => {
  const reminder = '<system-reminder>\nweather\n</system-reminder>';
  expect(play([user(`${reminder}\na`)])).toBe('First.');
  expect(play([user('a'), agent('Bash'), result(`${reminder}`)])).toBe('');
  expect(play([user('weather'), user('[Request interrupted by user]'), user('a')])).toBe('First.');
  expect(play([user('a'), agent('Bash'), result('[Request interrupted by user for tool use]\nb')])).toBe('Second.');
});

test('does not count the reply in which an agent only fetched a tool', () => {
  expect(play([user('a'), agent('ToolSearch'), result()])).toBe('First.');
});
