import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenOptions } from '@baton/core';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type OpenSession, openSession } from '../agent/__fixtures__/open-session.ts';
import { createPlace, type OpenAcp, type Place } from './__fixtures__/open-acp.ts';
import { openClaudeAcp, toQuiet } from './__fixtures__/open-claude-acp.ts';

let rehearsal: Rehearsal;
let place: Place;
const opened: OpenSession[] = [];
const backends: OpenAcp['backend'][] = [];

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'echo' });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ session }) => session.stop()));
  for (const backend of backends.splice(0)) await backend.close?.();
  await place.remove();
});

/** Agents end in their own way, however slow this machine is. */
const PATIENT = { stop: { protocolMs: 60_000 } };

/** A session that had a turn, and another agent that waits after it. */
async function warmUp() {
  let arrival = Promise.withResolvers<number>();
  const onWarm = (pid: number): void => {
    arrival.resolve(pid);
    arrival = Promise.withResolvers<number>();
  };
  const first = openClaudeAcp({ place, rehearsal, backend: { warmAgents: 1, onWarm, bounds: PATIENT } });
  opened.push(first);
  backends.push(first.backend);
  const arrived = arrival.promise;
  await first.run('hello');
  const waiting = await arrived;
  function open(more: Partial<OpenOptions> = {}): OpenSession {
    const session = openSession(first.backend, { cwd: place.cwd, open: { env: toQuiet(place), ...more } });
    opened.push(session);
    return session;
  }
  return { first, waiting, open, next: () => arrival.promise };
}

const startOf = (session: OpenSession) => session.nth('agent.started');
const mainRequests = () => rehearsal.requests().filter(({ kind }) => kind === 'main');
const lastRequest = () => mainRequests().at(-1);
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

/**
 * Names of what conversations left in the home: their own end with an id, and their folders' are among the projects. What
 * else is there Claude Code keeps for itself, now and then, when it has the time: plugins, copies, a note of its last cleanup.
 */
async function listConversations(): Promise<string[]> {
  const names = await readdir(place.home, { recursive: true });
  return names
    .map((name) => name.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'ID').replace(/acp-test-\w+/, 'PLACE'))
    .filter((name) => name.includes('ID') || name.startsWith('.claude/projects/'))
    .toSorted();
}

/** Has a hook note each time it runs, and answers how often that was. */
async function noteHook(event: string): Promise<() => number> {
  const path = join(place.home, 'hooks.txt');
  const hook = { hooks: [{ type: 'command', command: `echo ${event} >> ${path}` }] };
  await mkdir(join(place.cwd, '.claude'), { recursive: true });
  await writeFile(join(place.cwd, '.claude', 'settings.json'), JSON.stringify({ hooks: { [event]: [hook] } }));
  return () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0);
}

test('begins the next session in a conversation that waited, which is as new and as free as any', async () => {
  const { first, waiting, open } = await warmUp();
  const asked = mainRequests().length;
  const second = open({ model: 'sonnet', effort: 'low', mode: 'acceptEdits' });
  expect((await startOf(second)).pid).toBe(waiting);
  expect(mainRequests()).toHaveLength(asked);
  expect(await second.run('again')).toMatchObject({ outcome: 'completed' });
  const request = lastRequest();
  expect(request).toMatchObject({ prompt: 'again', turn: 0, model: expect.stringContaining('sonnet') });
  expect(request?.body).toMatchObject({ output_config: { effort: 'low' } });
  expect(
    second
      .of('agent.ready')
      .at(-1)
      ?.commands.map(({ name }) => name),
  ).toContain('compact');
  expect((await startOf(second)).nativeId).not.toBe((await startOf(first)).nativeId);
  await second.session.stop();
  expect(second.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
  expect(isAlive(waiting)).toBe(false);
});

test('leaves nothing of a conversation that nobody wanted', async () => {
  const { first, waiting } = await warmUp();
  await first.session.stop();
  await first.backend.close?.();
  expect(isAlive(waiting)).toBe(false);
  const left = await listConversations();
  await place.remove();
  place = await createPlace();
  const alone = openClaudeAcp({ place, rehearsal, backend: { bounds: PATIENT } });
  opened.push(alone);
  await alone.run('hello');
  await alone.session.stop();
  expect(left).toEqual(await listConversations());
  expect(left.filter((name) => name.endsWith('.jsonl'))).toHaveLength(1);
});

test('begins none where that runs a hook, which runs once for each session', async () => {
  const count = await noteHook('SessionStart');
  const { waiting, open } = await warmUp();
  expect(count()).toBe(1);
  const second = open();
  expect((await startOf(second)).pid).toBe(waiting);
  expect(await second.run('again')).toMatchObject({ outcome: 'completed' });
  expect(count()).toBe(2);
});

test('begins one where there are hooks of turns only, and none of them runs', async () => {
  const count = await noteHook('UserPromptSubmit');
  const { waiting, open } = await warmUp();
  expect(count()).toBe(1);
  const second = open();
  expect((await startOf(second)).pid).toBe(waiting);
  expect(count()).toBe(1);
  await second.run('again');
  expect(count()).toBe(2);
});

test('never uses one that was begun before something changed', async () => {
  const { waiting, open, next } = await warmUp();
  await writeFile(join(place.cwd, 'rules.md'), 'Answer in rhymes.');
  await writeFile(join(place.cwd, 'CLAUDE.md'), 'See @rules.md');
  const second = open();
  expect((await startOf(second)).pid).toBe(waiting);
  const arrived = next();
  await second.run('again');
  expect(JSON.stringify(lastRequest()?.body)).toContain('Answer in rhymes.');
  const other = await arrived;
  await writeFile(join(place.cwd, 'rules.md'), 'Answer in prose.');
  await open().run('once more');
  expect(JSON.stringify(lastRequest()?.body)).toContain('Answer in prose.');
  const count = await noteHook('SessionStart');
  const late = open();
  expect((await startOf(late)).pid).not.toBe(other);
  await late.run('at last');
  expect(count()).toBe(1);
});

test('goes on with an earlier conversation in an agent that waited', async () => {
  const { first, waiting, open } = await warmUp();
  const { nativeId } = await startOf(first);
  await first.session.stop();
  const again = open({ nativeId });
  expect(await startOf(again)).toMatchObject({ pid: waiting, nativeId });
  expect(await again.run('again')).toMatchObject({ outcome: 'completed' });
  expect(lastRequest()).toMatchObject({ prompt: 'again', turn: 1 });
});
