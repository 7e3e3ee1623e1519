import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, Backend } from '@baton/core';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { isAlive } from './__fixtures__/is-alive.ts';
import { EXECUTABLE, type Place, createPlace, createTestBackend, openOpencode } from './__fixtures__/open-opencode.ts';
import type { OpenSession } from '../agent/__fixtures__/open-session.ts';

const SCENARIO = `
title: What goes wrong on the way
turns:
  - when: tell a story
    steps:
      - say: { text: "One word follows another. ", repeat: 12, pace: 25 }
  - when: run for long
    steps:
      - call: { tool: run, input: { command: "echo $$ > shell.txt; echo begun; sleep 600" } }
  - when: run a program
    steps:
      - call: { tool: run, input: { command: "echo one" } }
      - say: "It said: {{result}}"
  - steps: [{ say: "I am here." }]
`;

let rehearsal: Rehearsal;
let place: Place;
let backend: Backend;
const opened: OpenSession[] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'recovery' }) });
  place = await createPlace();
  const wrapper = fileURLToPath(new URL('./__fixtures__/opencode-behind-proxy.mjs', import.meta.url));
  const executable = join(place.home, 'opencode');
  await writeFile(executable, `#!/bin/sh\nexec "${process.execPath}" "${wrapper}" "${EXECUTABLE}" "$@"\n`);
  await chmod(executable, 0o755);
  backend = createTestBackend(place, rehearsal, { executable });
});
afterAll(async () => {
  await backend.close?.();
  await rehearsal.close();
  await place.remove();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
});

async function open(options: Parameters<typeof openOpencode>[2] = {}): Promise<OpenSession> {
  const opencode = openOpencode(backend, await place.folder('project'), options);
  opened.push(opencode);
  return opencode;
}

// Resolves once it is cut: OpenCode itself does not survive every cut in the middle of a request.
async function cutWire(opencode: OpenSession): Promise<void> {
  const cuts = () => opencode.of('agent.output').filter(({ text }) => text === 'cut').length;
  const before = cuts();
  process.kill((await opencode.nth('agent.started')).pid ?? 0, 'SIGUSR2');
  await opencode.until(() => cuts() > before);
}

// All that begins ends once, and nothing comes after the exit.
function checkLaws(reports: readonly AgentReport[]): void {
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const report of reports) {
    if (report.type === 'item.started') {
      expect(seen.has(report.itemId)).toBe(false);
      seen.add(report.itemId);
      open.add(report.itemId);
    }
    if (report.type === 'item.delta') expect(open).toContain(report.itemId);
    if (report.type === 'item.ended') expect(open.delete(report.itemId)).toBe(true);
    if (report.type === 'turn.ended') expect([...open]).toEqual([]);
  }
}

test('a cut in the middle of words loses nothing and repeats nothing', async () => {
  const opencode = await open();
  const turn = opencode.run('tell a story');
  await opencode.nth('item.delta', 3);
  await cutWire(opencode);
  expect(await turn).toMatchObject({ outcome: 'completed' });
  const ended = opencode.of('item.ended');
  expect(ended.map(({ item }) => item)).toEqual([
    { type: 'agent-message', text: 'One word follows another. '.repeat(12) },
  ]);
  const streamed = opencode.of('item.delta').map(({ text }) => text);
  expect('One word follows another. '.repeat(12).startsWith(streamed.join(''))).toBe(true);
  checkLaws(opencode.reports);
});

test('what was asked while nobody heard is asked after the cut, and once', async () => {
  const opencode = await open();
  await opencode.nth('agent.ready');
  const turn = opencode.run('run a program');
  await opencode.nth('session.configured');
  await cutWire(opencode);
  const { approvalId } = await opencode.nth('approval.requested');
  await cutWire(opencode);
  await opencode.session.answerApproval?.({ approvalId, option: 'once' });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(opencode.of('approval.requested').length).toBe(1);
  checkLaws(opencode.reports);
});

test('a server that dies in the middle of a command says so, leaves nothing, and is resumed', async () => {
  const opencode = await open();
  await opencode.run('hello');
  await opencode.send('run for long');
  const { approvalId } = await opencode.nth('approval.requested');
  await opencode.session.answerApproval?.({ approvalId, option: 'once' });
  await opencode.until((report) => report.type === 'item.delta' && report.field === 'output');
  const shell = Number(await opencode.read('shell.txt'));
  const { pid, nativeId } = await opencode.nth('agent.started');
  process.kill(pid ?? 0, 'SIGKILL');
  expect(await opencode.nth('agent.exited')).toMatchObject({
    signal: 'SIGKILL',
    expected: false,
    failure: { kind: 'agent-exited', message: expect.stringContaining('Send a prompt to start it again') },
  });
  expect(isAlive(shell)).toBe(false);
  const again = await open({ nativeId });
  expect(await again.run('hello again')).toMatchObject({ outcome: 'completed' });
  expect((await again.nth('agent.started')).nativeId).toBe(nativeId);
  expect(JSON.stringify(rehearsal.requests().findLast(({ kind }) => kind === 'main')?.body)).toContain('run for long');
  checkLaws(again.reports);
});
