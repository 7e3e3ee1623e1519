import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseScenario } from '@baton/rehearsal';
import { z } from 'zod';
import { afterEach, describe, expect, test } from 'vitest';
import { createHarness, type Harness } from './__fixtures__/worker-harness.ts';

// A command that runs until a file tells it to go on, and an answer that takes a while.
const SCENARIO = parseScenario(
  `
title: Something to add to
turns:
  - when: wait for me
    steps:
      - call: { tool: run, input: { command: "until [ -e go.txt ]; do sleep 0.02; done", description: Wait } }
      - say: It is over.
  - when: tell a story
    steps: [{ say: { text: "and then ", repeat: 20, pace: 10 } }]
  - steps: [{ say: "You said: {{prompt}}" }]
`,
  { name: 'steer' },
);

let harness: Harness;
afterEach(() => harness.close());

const bodySchema = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })),
  output_config: z.unknown().optional(),
  reasoning_effort: z.unknown().optional(),
});

const lastBody = () => bodySchema.parse(harness.rehearsal.requests().findLast(({ kind }) => kind === 'main')?.body);
const lastMessages = () => lastBody().messages.filter(({ role }) => role !== 'system');
const goOn = () => writeFile(path.join(harness.cwd, 'go.txt'), '');
const notices = () => harness.log.flatMap(({ event }) => (event.type === 'notice.raised' ? [event.text] : []));

async function beginCommand(): Promise<{ ended: ReturnType<Harness['turn']> }> {
  const ended = harness.turn('Please wait for me');
  await harness.next('item.started', (report) => report.item.type === 'tool-call');
  return { ended };
}

describe.each(['anthropic', 'openai'] as const)('with %s', (provider) => {
  test('gives the model what was added with the result of the command that ran', async () => {
    harness = await createHarness({ scenario: SCENARIO, provider, mode: 'bypass' });
    const { ended } = await beginCommand();
    await harness.steer('Look at the blue one');
    await goOn();
    expect(await ended).toMatchObject({ outcome: 'completed' });
    const during = lastMessages();
    expect(JSON.stringify(during.at(-1))).toContain('Look at the blue one');
    expect(JSON.stringify(during.slice(0, -1))).not.toContain('Look at the blue one');
    // A session that is opened again tells the model the same, in the same order.
    await harness.reopen();
    await harness.turn('and now');
    const texts = JSON.stringify(lastMessages());
    const places = ['Please wait for me', 'Look at the blue one', 'You said:', 'and now'].map((part) =>
      texts.indexOf(part),
    );
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(places).not.toContain(-1);
  });

  test('asks once more for what was added to its last words', async () => {
    harness = await createHarness({ scenario: SCENARIO, provider });
    const ended = harness.turn('Please tell a story');
    await harness.next('item.delta');
    await harness.steer('One more thing');
    expect(await ended).toMatchObject({ outcome: 'completed' });
    expect(harness.texts().length).toBe(2);
    expect(JSON.stringify(lastMessages().at(-1))).toContain('One more thing');
  });

  test('thinks as hard as it was told, where the model knows the word', async () => {
    const model = provider === 'anthropic' ? 'claude-sonnet-5-5' : 'gpt-5.5';
    harness = await createHarness({ scenario: 'echo', provider, model, effort: 'high' });
    await harness.turn('one');
    const sent = () => (provider === 'anthropic' ? lastBody().output_config : lastBody().reasoning_effort);
    expect(sent()).toEqual(provider === 'anthropic' ? { effort: 'high' } : 'high');
    await harness.session.configure?.({ effort: 'low' });
    await harness.turn('two');
    expect(sent()).toEqual(provider === 'anthropic' ? { effort: 'low' } : 'low');
    await expect(harness.session.configure?.({ effort: 'enormous' })).rejects.toMatchObject({ kind: 'invalid-input' });
    await harness.session.configure?.({ model: 'a-model-of-my-own' });
    await harness.turn('three');
    expect(sent()).toBeUndefined();
    expect(notices()).toEqual([]);
  });
});

test('reads a file that was added', async () => {
  harness = await createHarness({ scenario: SCENARIO, mode: 'bypass' });
  await writeFile(path.join(harness.cwd, 'notes.txt'), 'the magic word is xylophone');
  const { ended } = await beginCommand();
  await harness.steer([{ type: 'file', path: 'notes.txt' }]);
  await goOn();
  await ended;
  expect(JSON.stringify(lastMessages().at(-1))).toContain('the magic word is xylophone');
});

test('reads with the next prompt what an interrupt kept from being read', async () => {
  harness = await createHarness({ scenario: SCENARIO, mode: 'bypass' });
  const { ended } = await beginCommand();
  await harness.steer('Never forget this');
  await harness.session.interrupt?.();
  expect(await ended).toMatchObject({ outcome: 'interrupted' });
  expect(notices()).toEqual([expect.stringContaining('reads it with the next')]);
  await harness.reopen();
  await harness.turn('and now');
  expect(JSON.stringify(lastMessages())).toContain('Never forget this');
});

test('refuses what comes after the turn', async () => {
  harness = await createHarness({ scenario: 'echo' });
  await harness.turn('one');
  await expect(harness.session.steer?.([{ type: 'text', text: 'late' }])).rejects.toMatchObject({
    kind: 'turn-not-running',
  });
});

test('says that a model has no effort, and starts all the same', async () => {
  harness = await createHarness({ scenario: 'echo', model: 'a-model-of-my-own', effort: 'high' });
  expect(await harness.turn('one')).toMatchObject({ outcome: 'completed' });
  expect(notices()).toEqual([expect.stringContaining('has no effort "high"')]);
});
