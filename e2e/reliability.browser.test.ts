import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, recordedEventSchema, type SessionView, sessionViewSchema } from '@baton/protocol';
import { parseScenario, type Rehearsal, startRehearsal } from '@baton/rehearsal';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { CLAUDE } from './harness/agents/claude.ts';
import { rehearsalEnv, withScenario } from './harness/agents.ts';
import { expectNoFaults, expectNoFaultsInBothSchemes } from './harness/axe.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Browsing, DESKTOP, PHONE, startBrowsing } from './harness/browser.ts';

// A browser on a busy machine of two cores.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

/** Speaks for longer than any test takes. */
const LONG = parseScenario(`
title: Long
pace: 50
turns:
  - steps:
      - say: "I begin. "
      - say: { text: "One word follows another. ", repeat: 5000 }
`);

let baton: BatonProcess;
let browsing: Browsing;
let long: Rehearsal;

beforeAll(async () => {
  long = await startRehearsal({ scenario: LONG });
  [baton, browsing] = await Promise.all([
    startBaton({ env: { ...CLAUDE.serverEnv, BATON_MAX_AGENTS: '1' } }),
    startBrowsing(),
  ]);
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
  await long?.close();
});

// What one test leaves in the queue would stand in the way of the next.
afterEach(async () => {
  const { body } = await baton.request('GET', '/sessions?limit=100');
  const { items } = z.object({ items: z.array(sessionViewSchema) }).parse(body);
  const order = items.toSorted((a, b) => Number(a.waiting === undefined) - Number(b.waiting === undefined));
  for (const session of order) await end(session);
});

async function createSession(body: Record<string, unknown>): Promise<SessionView> {
  const cwd = mkdtempSync(join(baton.root, 'work-'));
  const answer = await baton.request('POST', '/sessions', { backend: 'worker', cwd, ...body });
  expect(answer.status).toBe(201);
  return sessionViewSchema.parse(answer.body);
}

const talk = (title: string) => createSession({ title, prompt: 'go', env: rehearsalEnv(long) });
const end = ({ id }: SessionView) => baton.request('DELETE', `/sessions/${id}`);
const open = (page: Page, { id }: SessionView) => page.goto(`${baton.url}/sessions/${id}`);
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const read = async ({ id }: SessionView) =>
  sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body);

const waiting = (page: Page) => page.getByRole('list', { name: 'Sessions that wait' }).getByRole('listitem');
const titlesOf = async (page: Page) =>
  (await waiting(page).allTextContents()).map((text) => /Session [A-Z]/.exec(text)?.[0]);

test('the queue is shown in order with the reason, changed, left, and goes on by itself', async () => {
  const sessions: SessionView[] = [];
  for (const letter of ['A', 'B', 'C', 'D']) sessions.push(await talk(`Session ${letter}`));
  const page = await browsing.signIn(baton);
  await page.getByRole('navigation', { name: 'Sessions' }).getByRole('link', { name: '3 wait' }).click();
  await expect.poll(() => titlesOf(page)).toEqual(['Session B', 'Session C', 'Session D']);
  await waiting(page).first().getByText('The one place is taken').waitFor();
  await page.getByRole('button', { name: 'Let “Session D” go first' }).click();
  await expect.poll(() => titlesOf(page)).toEqual(['Session D', 'Session B', 'Session C']);
  await page.getByRole('button', { name: 'Take “Session C” out of the queue' }).click();
  await page.getByText('“Session C” left the queue').waitFor();
  await expect.poll(() => titlesOf(page)).toEqual(['Session D', 'Session B']);
  await expectNoFaults(page, 'the queue');
  await waiting(page).last().getByRole('link', { name: 'Session B' }).click();
  await page.getByText('waits for a place to start in, 2nd in the queue').waitFor();
  await page.getByRole('button', { name: 'Go first' }).click();
  await page.getByText('waits for a place to start in, next in the queue').waitFor();
  await expectNoFaults(page, 'a session that waits');
  await page.keyboard.press('Escape');
  await page.goto(`${baton.url}/queue`);
  await page.getByRole('button', { name: 'Stop the agent of “Session A”' }).click();
  const running = page.getByRole('list', { name: 'Sessions that have a place' });
  await running.getByRole('link', { name: 'Session B' }).waitFor();
  await expect.poll(() => titlesOf(page)).toEqual(['Session D']);
  await page.goto(`${baton.url}/server`);
  const places = page.getByRole('region', { name: 'Places for agents' });
  await places.getByText('1 of 1 place taken').waitFor();
  await places.getByRole('link', { name: 'Session D' }).waitFor();
  for (const session of sessions.toReversed()) await end(session);
  await places.getByText('0 of 1 place taken').waitFor();
  await page.context().close();
});

test('an agent that made room is asleep, and wakes with the next prompt', () =>
  withScenario('echo', async (env) => {
    const first = await createSession({ title: 'Sleeper', prompt: 'good evening', env });
    const page = await browsing.signIn(baton);
    await open(page, first);
    await conversation(page).getByText('You said: good evening').waitFor();
    const second = await talk('Needs the place');
    await page.getByText('is asleep: it had nothing to do, and another agent needed its place').waitFor();
    await conversation(page).getByText('Put to sleep').waitFor();
    expect(await read(first)).toMatchObject({ state: 'stopped', stopReason: 'room' });
    const rail = page.getByRole('navigation', { name: 'Sessions' });
    await rail.getByRole('link', { name: 'Sleeper' }).getByText('Asleep').waitFor({ state: 'attached' });
    await page.getByLabel('Prompt', { exact: true }).fill('good morning');
    await page.keyboard.press('Enter');
    await page.getByText('waits for a place to start in, next in the queue').waitFor();
    await end(second);
    await conversation(page).getByText('You said: good morning').waitFor();
    await conversation(page).getByText('Agent started again').waitFor();
    expect(await conversation(page).getByText('Agent started again').count()).toBe(1);
    await page.context().close();
  }));

test('an agent that has gone quiet is told, and can be restarted; a session that nobody watches can be stopped', async () => {
  const session = await talk('Hangs');
  const page = await browsing.signIn(baton);
  await page.routeWebSocket(/\/api\/v1\/live/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => socket.send(typeof message === 'string' ? withQuiet(message, session) : message));
  });
  await open(page, session);
  await conversation(page).getByText('I begin.').waitFor();
  // Whatever changes in the session has the server tell how it stands.
  await baton.request('PATCH', `/sessions/${session.id}`, { title: 'Hangs still' });
  await page.getByText('has been quiet for 3 min').waitFor();
  await expectNoFaults(page, 'a quiet session');
  await page.getByRole('combobox', { name: 'When nobody watches' }).click();
  await page.getByRole('option', { name: 'Stop after 1 hour' }).click();
  await expect.poll(async () => (await read(session)).stopUnwatchedMinutes).toBe(60);
  await page.getByRole('button', { name: 'Restart agent' }).click();
  await conversation(page).getByText('Agent started again').waitFor();
  const restarts = page.getByRole('list', { name: 'How the agent came and went' });
  await expect
    .poll(() => restarts.getByRole('listitem').allTextContents())
    .toEqual([expect.stringContaining('Agent started again'), expect.stringContaining('Agent stopped')]);
  await expect.poll(async () => (await read(session)).state).toBe('idle');
  await page.context().close();
});

// Two minutes of silence, as the server tells them of a turn that runs.
function withQuiet(text: string, { id }: SessionView): string {
  const parsed = parseJson(text);
  if (!parsed.ok || !text.includes('"topic":"sessions"')) return text;
  const quietSince = new Date(Date.now() - 200_000).toISOString();
  const change = (view: unknown) => {
    const read = sessionViewSchema.safeParse(view);
    return read.success && read.data.id === id && read.data.turn !== undefined ? { ...read.data, quietSince } : view;
  };
  const { data } = parsed.value as { data: { session?: unknown; sessions?: unknown[] } };
  if (data.session !== undefined) data.session = change(data.session);
  if (data.sessions !== undefined) data.sessions = data.sessions.map(change);
  return JSON.stringify(parsed.value);
}

test('a failing agent is told with the reason and the time of the next try, and is known by its own icon', async () => {
  const command = join(mkdtempSync(join(baton.root, 'bin-')), 'acme');
  writeFileSync(command, '#!/bin/sh\necho "the licence has expired" >&2\nexit 3\n');
  chmodSync(command, 0o755);
  const added = await baton.request('POST', '/agents', { id: 'acme', title: 'Acme Coder', command, icon: 'Ac' });
  expect(added.status).toBe(201);
  const page = await browsing.signIn(baton);
  await page.goto(`${baton.url}/agents`);
  const card = page.getByRole('listitem', { name: 'Acme Coder', exact: true });
  await card.waitFor();
  for (let count = 1; count <= 5; count += 1) {
    const session = await createSession({ backend: 'acme', title: `Try ${count}`, prompt: 'go' });
    await expect.poll(async () => (await read(session)).state).toBe('failed');
  }
  await card.getByText('failed to start several times in a row and is not started for now').waitFor();
  await card.getByText('the licence has expired').waitFor();
  await card.getByText(/may begin (in \d+ s|now)/).waitFor();
  await expectNoFaults(page, 'a failing agent');
  const link = page.getByRole('navigation', { name: 'Sessions' }).getByRole('link', { name: 'Try 5' });
  expect(await link.textContent()).toContain('Ac');
  await link.click();
  const restarts = page.getByRole('list', { name: 'How the agent came and went' });
  await restarts.getByText('the licence has expired').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New session' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New session' });
  await dialog.getByRole('radio', { name: /Acme Coder/ }).check({ force: true });
  await dialog.getByText('is not started for now').waitFor();
  await expectNoFaults(page, 'a new session with a failing agent');
  await page.context().close();
});

test('what was asked and died with its agent is told with the reason, in the inbox and in the session', () =>
  withScenario('approval', async (env) => {
    const session = await createSession({ backend: 'claude', title: 'Note', prompt: 'Write the note', env });
    const page = await browsing.signIn(baton);
    await page.goto(`${baton.url}/inbox`);
    await page.getByRole('region', { name: 'Approval' }).waitFor();
    process.kill(await readPid(session), 'SIGKILL');
    const gone = page.getByRole('region', { name: 'No longer asked' });
    await gone.getByText('Claude Code was ended by SIGKILL').waitFor();
    await page.getByText('Nothing waits for you', { exact: true }).first().waitFor();
    await expectNoFaults(page, 'the inbox');
    await gone.getByRole('link', { name: 'Note' }).click();
    await conversation(page).getByText('Did not run').waitFor();
    await conversation(page).getByText('No longer asked: Claude Code was ended by SIGKILL').waitFor();
    expect(page.url()).toContain(session.id);
    await page.context().close();
  }));

async function readPid({ id }: SessionView): Promise<number> {
  const { body } = await baton.request('GET', `/sessions/${id}/events?limit=100`);
  const { events } = z.object({ events: z.array(recordedEventSchema) }).parse(body);
  const pid = events.flatMap(({ event }) => (event.type === 'agent.started' ? (event.pid ?? []) : [])).at(-1);
  if (pid === undefined) throw new Error(`no agent has started in ${id}`);
  return pid;
}

test('a task that waits for a place says so, and its end is seen without a reload', async () => {
  const holder = await talk('Holds the place');
  const page = await browsing.signIn(baton);
  await page.goto(`${baton.url}/tasks`);
  await page.getByText('No tasks yet').waitFor();
  const body = { title: 'Count the words', prompt: '[scene echo] Say this', backend: 'worker', cwd: baton.root };
  expect((await baton.request('POST', '/tasks', body)).status).toBe(201);
  const row = page.getByRole('listitem').filter({ hasText: 'Count the words' });
  await row.getByText('Waits for a place, next in the queue').waitFor();
  await end(holder);
  await row.getByText(/^Done/).waitFor();
  await page.context().close();
});

test('who saves rules that were changed meanwhile is told, and chooses', async () => {
  const rule = (id: string) => ({ id, effect: 'deny', match: { command: `${id} **` } });
  await baton.request('PUT', '/policies', { rules: [rule('rm'), rule('dd')] });
  const page = await browsing.signIn(baton);
  await page.goto(`${baton.url}/policies`);
  await page.getByRole('button', { name: 'Remove rule 1' }).click();
  await baton.request('PUT', '/policies', { rules: [rule('rm'), rule('dd'), rule('mkfs')] });
  await page.getByRole('button', { name: 'Save rules' }).click();
  await page.getByText('The rules were changed elsewhere meanwhile.').waitFor();
  await page.getByText('3 rules are in force now; yours are not saved.').waitFor();
  await expectNoFaults(page, 'rules that were changed elsewhere');
  await page.getByRole('button', { name: 'Replace theirs with mine' }).click();
  await page.getByRole('region', { name: 'Unsaved rules' }).waitFor({ state: 'detached' });
  expect((await baton.request('GET', '/policies')).body).toMatchObject({ rules: [{ id: 'dd' }] });
  await baton.request('PUT', '/policies', { rules: [] });
  await page.context().close();
});

describe.each([DESKTOP, PHONE])('on a $name', (view) => {
  test('the queue has no fault that axe finds and is not wider than the screen', async () => {
    await talk('Session A');
    await talk('B'.repeat(200));
    const page = await browsing.signIn(baton, view);
    await page.goto(`${baton.url}/queue`);
    await waiting(page).first().waitFor();
    await expectNoFaultsInBothSchemes(page, 'the queue');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  });
});

test('no page threw an error or asked another machine for anything', () => {
  expect(browsing.faults).toEqual([]);
});
