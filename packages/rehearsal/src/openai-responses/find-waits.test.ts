import { afterEach, expect, test } from 'vitest';
import { parseScenario, startRehearsal, type Rehearsal } from '../index.ts';

let rehearsal: Rehearsal;
afterEach(() => rehearsal.close());

const TWO = parseScenario(`
title: Two at work
turns:
  - steps:
      - call:
          - { tool: agent, input: { prompt: a } }
          - { tool: agent, input: { prompt: b } }
      - say: Both are back.
`);
const tools = ['spawn_agent', 'wait_agent'].map((name) => ({ type: 'function', name, parameters: { type: 'object' } }));
const PROMPT = { role: 'user', content: 'Hi' };

/** What the model says next, as text. */
async function ask(...input: unknown[]): Promise<string> {
  const body = JSON.stringify({ model: 'gpt-test', input, tools });
  return (await fetch(`${rehearsal.url}/v1/responses`, { method: 'POST', body })).text();
}

const call = (name: string, id: string) => ({ type: 'function_call', name, call_id: `call_${id}`, arguments: '{}' });
const result = (id: string, said: unknown) => ({
  ...{ type: 'function_call_output', call_id: `call_${id}` },
  output: JSON.stringify(said),
});
const begun = (said: unknown) => [
  ...[call('spawn_agent', 'x_0'), call('spawn_agent', 'x_1')],
  ...[result('x_0', said), result('x_1', said)],
];
const waited = (id: string, timed_out: boolean) => [call('wait_agent', id), result(id, { timed_out })];
const back = (who: string) => ({
  type: 'agent_message',
  content: [{ type: 'input_text', text: `Message Type: FINAL_ANSWER\nTask name: /root\nPayload:\n${who} is back.` }],
});

// Codex begins the calls of one reply in any order, and one that waits keeps the others from being begun.
test('subagents are waited for, in replies of their own, until all are back or there was a wait for each', async () => {
  rehearsal = await startRehearsal({ scenario: TWO });
  const first = await ask(PROMPT);
  expect(first.match(/"spawn_agent"/g)).toHaveLength(2);
  expect(first).not.toContain('wait_agent');
  const history = [PROMPT, ...begun({ task_name: '/root/a' })];
  expect((await ask(...history)).match(/"wait_agent"/g)).toHaveLength(1);
  const one = [...history, ...waited('y_0', false), back('a')];
  expect((await ask(...one)).match(/"wait_agent"/g)).toHaveLength(1);
  expect(await ask(...one, back('b'))).toContain('Both are back.');
  expect(await ask(...one, ...waited('z_0', true))).toContain('Both are back.');
});

test('they are not waited for when they are of the older kind, nor by the prompt after an interrupt', async () => {
  rehearsal = await startRehearsal({ scenario: TWO });
  expect(await ask(PROMPT, ...begun({ agent_id: '01' }))).toContain('Both are back.');
  const interrupted = { role: 'user', content: '<turn_aborted>\nby the user\n</turn_aborted>' };
  expect(await ask(PROMPT, ...begun({ task_name: '/root/a' }), interrupted, PROMPT)).not.toContain('wait_agent');
});
