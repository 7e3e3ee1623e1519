import { expect, test } from 'vitest';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { PastRound } from './conversation.ts';
import { unroll } from './unroll.ts';

const answered = (text: string): PastRound => ({ calls: ['Bash'], results: [{ text, isError: false }] });
const ok = answered('fine');
const wrong = answered('bad');

function say(steps: string, rounds: readonly PastRound[], hasTool = true): string {
  const scenario = parseScenario(`title: T\nturns:\n  - steps:\n${steps.replace(/^/gm, '      ')}`);
  const round = unroll(scenario.turns[0]?.steps ?? [], { rounds, hasTool: () => hasTool, wasMade: () => true });
  return (
    round.steps.map((step) => (step.verb === 'say' ? step.value.text : step.verb)).join(' ') +
    (round.loop > 0 ? ` (${round.loop})` : '')
  );
}

const CALL = '- call: { tool: run, input: {} }';

test('gives the steps up to the next call, after the replies that were given', () => {
  const steps = `- one\n${CALL}\n- two\n${CALL}\n- three`;
  expect(say(steps, [])).toBe('one call');
  expect(say(steps, [ok])).toBe('two call');
  expect(say(steps, [ok, ok])).toBe('three');
  expect(say(steps, [ok, ok, ok])).toBe('');
});

test('does not end a reply at a call the agent has no tool for', () => {
  expect(say(`- one\n${CALL}\n- two`, [], false)).toBe('one call two');
});

test('goes round a loop and out of it', () => {
  const steps = `- loop:\n    times: 2\n    steps:\n      - again\n      ${CALL}\n- over`;
  expect(say(steps, [])).toBe('again call (1)');
  expect(say(steps, [ok])).toBe('again call (2)');
  expect(say(steps, [ok, ok])).toBe('over');
});

test('leaves the script where an expectation is not met, also out of a loop', () => {
  const steps = `- loop:\n    times: 3\n    steps:\n      ${CALL}\n      - expect: { result: fine, otherwise: [out] }\n- over`;
  expect(say(steps, [ok])).toBe('call (2)');
  expect(say(steps, [ok, wrong])).toMatch(/^out/);
  expect(say(steps, [ok, wrong, ok])).toBe(' (2)');
});
