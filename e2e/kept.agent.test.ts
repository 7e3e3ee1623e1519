import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  backendViewSchema,
  type FoundSession,
  foundSessionSchema,
  recordedEventSchema,
  sessionViewSchema,
} from '@baton/protocol';
import { parseScenario, type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { lastHeard } from './behaviour/stage.ts';
import { CLAUDE_ACP } from './harness/agents/claude-acp.ts';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { type Drive, drive, take } from './harness/drive.ts';
import { eventually } from './harness/eventually.ts';
import type { Peer } from './harness/peer.ts';

// Conversations that only their agent can read: a real agent that somebody added, with a store where nobody looks, and one that
// is made for tests.

const FIXTURE = join(import.meta.dirname, '..', 'packages/backends/src/acp/__fixtures__/fixture-agent.mjs');
const SCENARIO = parseScenario('title: Listens\nturns:\n  - steps: [{ say: I heard it. }]\n', { name: 'listens' });
const FLOWERS = /heliotrope|marigold|tulip|dahlia/g;

const root = temporaryFolder('kept');
const cwd = join(root, 'garden');
const store = join(root, 'elsewhere');
let rehearsal: Rehearsal;
let baton: BatonProcess;
let peer: Peer;
let env: Record<string, string>;

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: SCENARIO });
  mkdirSync(cwd);
  env = CLAUDE_ACP.sessionEnv(rehearsal);
  await talk('Remember the heliotrope', { CLAUDE_CONFIG_DIR: store });
  await talk('Remember the tulip', {});
  baton = await startBaton({ root, env: { ...CLAUDE_ACP.serverEnv, ...env } });
  peer = await baton.connect();
  await add('far-claude', { command: 'claude-agent-acp', env: { ...env, CLAUDE_CONFIG_DIR: store } });
  await add('near-claude', { command: 'claude-agent-acp', env });
  await add('keeping', { command: process.execPath, args: [FIXTURE, 'keeps'], env: { KEPT_IN: cwd } });
});
afterAll(async () => {
  peer?.close();
  await baton?.kill('SIGTERM');
  await rehearsal?.close();
});

/** The real program in a terminal, as a person runs it. */
async function talk(prompt: string, more: Record<string, string>): Promise<void> {
  const own = { PATH: process.env['PATH'], HOME: root, LANG: 'C.UTF-8', IS_SANDBOX: '1', ...env, ...more };
  const running = promisify(execFile)(env['CLAUDE_CODE_EXECUTABLE'] ?? '', ['-p', prompt], { cwd, env: own });
  running.child.stdin?.end();
  await running;
}

async function add(id: string, more: { command: string; args?: string[]; env: Record<string, string> }): Promise<void> {
  const passes = ['ANTHROPIC_*', 'CLAUDE_*'];
  expect(await baton.request('POST', '/agents', { id, title: id, passes, ...more })).toMatchObject({ status: 201 });
}

const pageSchema = z.object({ items: z.array(foundSessionSchema) });
const wholeSchema = z.object({ session: foundSessionSchema, events: z.array(recordedEventSchema) });
const list = async (backend: string) =>
  pageSchema.parse((await baton.request('GET', `/history?backend=${backend}`)).body).items;
const look = async (backend: string) => (await baton.request('POST', `/backends/${backend}/conversations`)).body;
const show = async ({ id }: FoundSession) => wholeSchema.parse((await baton.request('GET', `/history/${id}`)).body);
const resume = async ({ id }: FoundSession, fork: boolean) => {
  const { body } = await baton.request('POST', `/history/${id}/resume`, { fork });
  return take({ baton, peer }, sessionViewSchema.parse(body));
};
const heard = () => [...new Set(lastHeard(rehearsal).match(FLOWERS))];

async function ask(session: Drive, prompt: string): Promise<void> {
  const { turnId } = await session.prompt(prompt);
  const { outcome, error } = await session.turnEnded(turnId);
  expect({ outcome, error }).toEqual({ outcome: 'completed' });
}

test('is asked for, read without a word to a model, forked and gone on with under its own id', async () => {
  expect(await look('far-claude')).toEqual({ told: 1, shown: 1, added: 1, gone: 0, leftOut: 0 });
  const [found] = await list('far-claude');
  if (found === undefined) throw new Error('There is none');
  expect(found).toMatchObject({ cwd, turns: 0, live: false });
  const asked = rehearsal.requests().length;
  const { session, events } = await show(found);
  expect(session).toMatchObject({ id: found.id, turns: 1 });
  expect(JSON.stringify(events.map(({ event }) => event))).toMatch(/Remember the heliotrope.*I heard it\./);
  expect(rehearsal.requests().length).toBe(asked);
  expect(await look('far-claude')).toEqual({ told: 1, shown: 1, added: 0, gone: 0, leftOut: 0 });
  expect(await list('far-claude')).toMatchObject([{ id: found.id, turns: 1, updatedAt: found.updatedAt }]);

  const fork = await resume(found, true);
  await ask(fork, 'Dig up the dahlia');
  expect(heard()).toEqual(['heliotrope', 'dahlia']);
  expect((await fork.view()).nativeId).not.toBe(found.nativeId);
  await fork.run({ type: 'session.stop' });
  expect(await list('far-claude')).toMatchObject([{ id: found.id }]);

  const own = await resume(found, false);
  await ask(own, 'Plant the marigold');
  expect(heard()).toEqual(['heliotrope', 'marigold']);
  expect(await own.view()).toMatchObject({ nativeId: found.nativeId, cwd });
  await own.run({ type: 'session.stop' });
  expect(await list('far-claude')).toEqual([]);
  expect((await resume(found, false)).id).toBe(own.id);
  // The agent tells of all of them; two are Baton's own now.
  expect(await look('far-claude')).toMatchObject({ told: 2, shown: 0 });
});

test('is not shown twice when it is read where it is stored, too', async () => {
  await eventually(async () => (await list('claude')).find(({ turns }) => turns === 1), { what: () => baton.output() });
  expect(await look('near-claude')).toEqual({ told: 1, shown: 0, added: 0, gone: 0, leftOut: 0 });
  expect(await list('near-claude')).toEqual([]);
});

test('is told of by an agent that works anyway, in the runner, and what it said of itself is known then', async () => {
  expect(await list('keeping')).toEqual([]);
  const session = await drive({ baton, peer }, { backend: 'keeping' }, { env: {}, prompt: 'hello' });
  await session.turnEnded();
  const found = await eventually(async () => ((await list('keeping')).length === 3 ? list('keeping') : undefined), {
    what: () => baton.output(),
  });
  expect(found.map(({ title }) => title)).toEqual(['The third', 'The second', 'garden']);
  const { items } = z
    .object({ items: z.array(backendViewSchema) })
    .parse((await baton.request('GET', '/backends')).body);
  const { capabilities = [] } = items.find(({ id }) => id === 'keeping') ?? {};
  expect(capabilities).toEqual(expect.arrayContaining(['list', 'fork', 'resume']));
  const [third] = found;
  if (third === undefined) throw new Error('There is none');
  const own = await resume(third, false);
  await ask(own, 'go on');
  expect(own.said()).toMatch(/They are all green\.[^]*Clean in kept-conversation-number-3\.[^]*heard: go on/);
});
