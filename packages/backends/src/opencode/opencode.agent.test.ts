import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend } from '@baton/core';
import type { Item } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type OpenOpencode,
  type Place,
  createPlace,
  createTestBackend,
  openOpencode,
} from './__fixtures__/open-opencode.ts';

// What the built-in scenes do not have.
const SCENARIO = `
title: OpenCode's own ways
turns:
  - when: run a program
    steps:
      - call: { tool: run, input: { command: "echo one; echo two" } }
      - say: "It said: {{result}}"
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "(sleep 600 & echo $! > pid.txt); echo $$ > shell.txt; sleep 600" } }
  - when: leave a daemon
    steps:
      - call: { tool: run, input: { command: "setsid sleep 600 > /dev/null 2>&1 & echo $! > daemon.txt" } }
      - say: It runs.
  - when: key is wrong
    steps: [{ error: { status: 401, message: bad key } }]
  - when: fail once
    steps: [{ errorOnce: { status: 500, message: broken } }, { say: Better now. }]
  - when: say nothing
    steps: [{ hang: after-headers }]
  - when: think first
    steps: [{ think: Let me think. }, { say: Thought. }]
  - steps: [{ say: "I am here: {{prompt}}" }]
`;

const LONG = 120_000;
let rehearsal: Rehearsal;
let place: Place;
let backend: Backend;
const opened: OpenOpencode[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'opencode' }) });
  place = await createPlace();
  backend = createTestBackend(place, rehearsal);
});
afterAll(async () => {
  await backend.close?.();
  await rehearsal.close();
  await place.remove();
}, LONG);
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
}, LONG);

async function open(options: Parameters<typeof openOpencode>[2] & { folder?: string } = {}): Promise<OpenOpencode> {
  const { folder = 'project', ...more } = options;
  const opencode = openOpencode(backend, await place.folder(folder), more);
  opened.push(opencode);
  return opencode;
}

const items = (opencode: OpenOpencode): Item[] => opencode.of('item.ended').map(({ item }) => item);
const tools = (opencode: OpenOpencode) => items(opencode).flatMap((item) => (item.type === 'tool-call' ? [item] : []));
const said = (opencode: OpenOpencode) =>
  items(opencode)
    .flatMap((item) => (item.type === 'agent-message' ? [item.text] : []))
    .join('\n');

async function answer(
  opencode: OpenOpencode,
  option: string,
  more: { note?: string; nth?: number } = {},
): Promise<void> {
  const { approvalId } = await opencode.nth('approval.requested', more.nth);
  await opencode.session.answerApproval?.({ approvalId, option, note: more.note });
}

test('says what it offers, thinks, streams, and ends when told', { timeout: LONG }, async () => {
  const opencode = await open();
  expect(await opencode.run('think first')).toMatchObject({
    outcome: 'completed',
    point: expect.stringMatching(/^msg_/),
  });
  expect(opencode.of('agent.started')).toMatchObject([
    { version: '1.18.33', nativeId: expect.stringMatching(/^ses_/) },
  ]);
  expect(opencode.of('agent.ready')[0]).toMatchObject({
    models: [{ id: 'rehearsal/scripted', efforts: expect.arrayContaining(['low', 'high']) }],
    modes: expect.arrayContaining([expect.objectContaining({ id: 'plan' })]),
    commands: expect.arrayContaining([expect.objectContaining({ name: 'compact' })]),
  });
  expect(items(opencode)).toEqual([
    { type: 'reasoning', text: 'Let me think.' },
    { type: 'agent-message', text: 'Thought.' },
  ]);
  expect(opencode.of('usage.updated').at(-1)).toMatchObject({ context: { size: 128_000 } });
  await opencode.session.stop();
  expect(opencode.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
  expect(opencode.of('raw.received')).toEqual([]);
});
