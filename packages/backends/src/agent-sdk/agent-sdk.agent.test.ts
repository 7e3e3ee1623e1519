import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport } from '@baton/core';
import { createId, recordedEventSchema } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type OpenChoice,
  type OpenClaude,
  type Place,
  createPlace,
  openClaude,
} from '../claude/__fixtures__/open-claude.ts';
import { createAgentSdkBackend } from './index.ts';

const FOLDER = fileURLToPath(
  new URL('../../../../test-agents/node_modules/@anthropic-ai/claude-agent-sdk', import.meta.url),
);

const SCENARIO = `
title: Claude Code through the SDK
turns:
  - when: tell me
    steps:
      - call: { tool: mcp__baton__notify, input: { level: warning, text: The tests take an hour. } }
      - say: You know it now.
  - when: look at the key
    steps:
      - call: { tool: Read, input: { file_path: "{{path}}" } }
      - say: I could not.
  - when: talk before you ask
    steps:
      - say: First I say this.
      - call: { tool: run, input: { command: "touch made.txt", description: Make a file } }
      - say: It is made.
  - when: leave something running
    steps:
      - call: { tool: run, input: { command: "echo $$ > pid.txt; exec sleep 600", description: Wait long } }
  - steps: [{ say: I am here. }]
`;

let rehearsal: Rehearsal;
let place: Place;
let dataDir: string;
const opened: OpenClaude[] = [];

beforeAll(async () => {
  place = await createPlace();
  dataDir = join(place.home, 'baton');
  const text = SCENARIO.replace('{{path}}', join(dataDir, 'owner.key'));
  rehearsal = await startRehearsal({ scenario: parseScenario(text, { name: 'agent-sdk' }) });
});
beforeEach(async () => {
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'owner.key'), 'the-owner-key');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
});
afterAll(async () => {
  await rehearsal.close();
  await place.remove();
});

function open(more: Partial<OpenChoice> = {}): OpenClaude {
  const create: OpenChoice['create'] = (options) =>
    createAgentSdkBackend({ ...options, folder: FOLDER, home: place.home, dataDir });
  const session = openClaude({ place, program: 'claude-code', rehearsal, create, ...more });
  opened.push(session);
  return session;
}

const tools = (claude: OpenClaude) =>
  claude.of('item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

const typesOf = (reports: readonly AgentReport[]) =>
  reports.map((report) => (report.type === 'item.ended' ? `${report.type} ${report.item.type}` : report.type));

test('tells the user what the agent wants them to know, without asking', async () => {
  const sdk = open();
  const ended = await sdk.run('tell me');
  expect(ended.outcome).toBe('completed');
  expect(sdk.of('approval.requested')).toEqual([]);
  expect(sdk.of('notice.raised')).toEqual([
    { type: 'notice.raised', level: 'warning', text: 'The tests take an hour.' },
  ]);
  expect(tools(sdk)[0]).toMatchObject({ tool: 'mcp__baton__notify', status: 'completed' });
});

test("keeps Baton's own files from the agent, whatever it may do otherwise", async () => {
  const sdk = open({ open: { mode: 'acceptEdits' } });
  await sdk.run('look at the key');
  expect(tools(sdk)[0]?.status).not.toBe('completed');
  expect(JSON.stringify(sdk.reports)).not.toContain('the-owner-key');
  expect(JSON.stringify(tools(sdk)[0]?.output)).toContain("Baton's own files");
});

test('tells what was said before it asks, and does what was allowed', async () => {
  const sdk = open();
  const done = sdk.run('talk before you ask');
  const { approvalId, options } = await sdk.nth('approval.requested');
  const before = typesOf(sdk.reports);
  expect(before.indexOf('item.ended agent-message')).toBeGreaterThan(-1);
  expect(before.indexOf('item.ended agent-message')).toBeLessThan(before.indexOf('approval.requested'));
  expect(options.map(({ kind }) => kind)).toContain('allow-always');
  await sdk.session.answerApproval?.({ approvalId, option: 'allow' });
  expect((await done).outcome).toBe('completed');
  expect(existsSync(join(sdk.cwd, 'made.txt'))).toBe(true);
});

test('drives the program that came with it where no other is found', async () => {
  const create: OpenChoice['create'] = (options) =>
    createAgentSdkBackend({ ...options, executable: undefined, folder: FOLDER, home: place.home, dataDir });
  const sdk = open({ create, env: { PATH: '/usr/bin:/bin' } });
  expect((await sdk.run('hello')).outcome).toBe('completed');
  const { version } = await sdk.nth('agent.started');
  expect(version).toMatch(/^0\.3\.316 \(Claude Code 2\.1\.316\)$/);
});

test('leaves nothing running when it is stopped', async () => {
  const sdk = open();
  await sdk.send('leave something running');
  const { approvalId } = await sdk.nth('approval.requested');
  await sdk.session.answerApproval?.({ approvalId, option: 'allow' });
  let pid = '';
  while (pid.trim() === '') {
    pid = await sdk.read('pid.txt').catch(() => '');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sdk.session.stop();
  expect(existsSync(`/proc/${pid.trim()}`)).toBe(false);
  expect(sdk.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
});

test('says where to get it when it is not installed', async () => {
  const home = join(place.home, 'nowhere');
  const backend = createAgentSdkBackend({ home, dataDir, env: { PATH: '', HOME: place.home } });
  const view = await backend.probe();
  expect(view).toMatchObject({ installed: false, authenticated: 'unknown' });
  expect(view.problem).toContain('Install it on the agents page');
});

test('says that a conversation is gone in words, and ends', async () => {
  const sdk = open({
    open: {
      nativeId: '11111111-2222-4333-8444-555555555555',
      async *history() {
        yield recordedEventSchema.parse({
          ...{ sessionId: createId('session'), seq: 1, at: '2026-11-21T00:00:00.000Z' },
          event: { type: 'turn.ended', turnId: createId('turn'), outcome: 'completed', durationMs: 1 },
        });
      },
    },
  });
  const { failure } = await sdk.nth('agent.exited');
  expect(failure?.message).toContain('Cannot resume the conversation');
});
