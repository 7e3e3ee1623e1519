import { parseScenario } from '@baton/rehearsal';
import { afterEach, expect, test } from 'vitest';
import { createHarness, type Harness } from './__fixtures__/worker-harness.ts';

let harness: Harness;
afterEach(() => harness.close());

const SCENARIO = parseScenario(`name: full
title: Fills the window
turns:
  # What follows a summary in the same turn: a script cannot see the replies before it any more.
  - when: /topped up[^]*work please/
    steps:
      - usage: { input: 500, output: 10 }
      - Worked on.
  - when: /topped up[^]*too long/
    steps:
      - usage: { input: 500, output: 10 }
      - It fits now.
  - when: fill
    steps:
      - usage: { input: 90000, output: 10 }
      - The window is nearly full.
  - when: work
    steps:
      - usage: { input: 95000, output: 10 }
      - call: { tool: list, input: {} }
      - Never said.
  - when: too long
    steps:
      - error: { status: 400, message: "prompt is too long: 300000 tokens > 200000 maximum" }
  - steps:
      - usage: { input: 500, output: 10 }
      - "You said: {{prompt}}"
side:
  - { when: Summarise a conversation, say: "All was topped up and liked." }
`);

const start = async (): Promise<void> => {
  harness = await createHarness({ scenario: SCENARIO, env: { BATON_WORKER_CONTEXT: '100000' } });
};
const lastBody = (): string => JSON.stringify(harness.rehearsal.requests().at(-1)?.body);
const records = (): unknown[] =>
  harness.log.flatMap(({ event }) => (event.type === 'raw.received' ? [event.payload] : []));

test('makes room before the window is full, says so, and resumes with the summary', async () => {
  await start();
  await harness.turn('fill it');
  expect(harness.log.at(-2)?.event).toMatchObject({ type: 'usage.updated', context: { used: 90_160, size: 100_000 } });
  await harness.turn('and now');
  expect(records()).toEqual([{ type: 'compaction', summary: 'All was topped up and liked.' }]);
  expect(lastBody()).toContain('topped up and liked');
  expect(lastBody()).not.toContain('nearly full');
  const live = harness.rehearsal.requests().at(-1)?.body;
  await harness.reopen();
  await harness.turn('resumed');
  expect(lastBody()).toContain('topped up and liked');
  const resumed = harness.rehearsal.requests().at(-1)?.body;
  const messagesOf = (body: unknown): unknown[] =>
    typeof body === 'object' && body !== null && 'messages' in body && Array.isArray(body.messages)
      ? body.messages
      : [];
  // What was sent before the restart is the beginning of what is sent after it.
  const plain = (messages: unknown[]): string =>
    JSON.stringify(messages).replaceAll(',"cache_control":{"type":"ephemeral"}', '');
  expect(plain(messagesOf(resumed).slice(0, 1))).toBe(plain(messagesOf(live)));
});

test('makes room in the middle of a turn and goes on with the prompt', async () => {
  await start();
  expect(await harness.turn('work please')).toMatchObject({ outcome: 'completed' });
  expect(records()).toHaveLength(1);
  expect(lastBody()).toContain('work please');
  expect(harness.texts()).toEqual(['Worked on.']);
});

test('makes room when the provider says that it is too much', async () => {
  await start();
  await harness.turn('something first');
  expect(await harness.turn('this is too long')).toMatchObject({ outcome: 'completed' });
  expect(records()).toHaveLength(1);
  expect(harness.texts().at(-1)).toBe('It fits now.');
});

test('summarises on command, and says when there is nothing to', async () => {
  await start();
  await harness.turn('/compact');
  expect(records()).toHaveLength(0);
  await harness.turn('hello');
  expect(await harness.turn('/compact')).toMatchObject({ outcome: 'completed' });
  expect(records()).toHaveLength(1);
  await harness.turn('and on');
  expect(lastBody()).toContain('topped up');
});
