import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SessionView, sessionViewSchema, taskViewSchema } from '@baton/protocol';
import { parseScenario } from '@baton/rehearsal';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { withScenario } from './harness/agents.ts';
import { expectNoFaultsInBothSchemes } from './harness/axe.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Browsing, DESKTOP, PHONE, startBrowsing, type View } from './harness/browser.ts';

/** Three turns that leave their marks in the folder. */
const FILES = parseScenario(`
title: Files
turns:
  - steps:
      - call: { tool: write, input: { path: greeting.txt, content: "Hello\\n" } }
      - say: The first turn is done.
  - steps:
      - call: { tool: edit, input: { path: greeting.txt, old: "Hello", new: "Good morning" } }
      - call: { tool: write, input: { path: second.txt, content: "two\\n" } }
      - say: The second turn is done.
  - steps:
      - say: The third turn is done.
`);

/** Waits in the middle of its turn until it is let on, and answers what it was told meanwhile. */
const LISTENING = parseScenario(`
title: Listening
turns:
  - when: Tell me something
    steps:
      - say: One word follows another.
      - call: { tool: run, input: { command: "node --version" } }
  - when: Mind the tests
    steps:
      - say: I have read all of it.
`);

/** Asks for the same command twice. */
const ASKING = parseScenario(`
title: Asking
turns:
  - steps:
      - call: { tool: run, input: { command: "node --version" } }
      - say: Once.
      - call: { tool: run, input: { command: "node --version" } }
      - say: Twice.
`);

let baton: BatonProcess;
let browsing: Browsing;

beforeAll(async () => {
  [baton, browsing] = await Promise.all([startBaton(), startBrowsing()]);
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
});

const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const open = (page: Page, session: SessionView) => page.goto(`${baton.url}/sessions/${session.id}`);
const read = (session: SessionView, name: string) => readFileSync(join(session.cwd, name), 'utf8');

async function createSession(body: Record<string, unknown>): Promise<SessionView> {
  const cwd = mkdtempSync(join(baton.root, 'work-'));
  const answer = await baton.request('POST', '/sessions', { backend: 'worker', cwd, mode: 'accept-edits', ...body });
  expect(answer.status).toBe(201);
  return sessionViewSchema.parse(answer.body);
}

/** A session in which this was said, one after another, and answered. */
async function haveTalk(env: Record<string, string>, prompts: readonly string[]): Promise<SessionView> {
  const session = await createSession({ env, title: 'A talk' });
  for (const [index, input] of prompts.entries()) {
    await baton.request('POST', `/sessions/${session.id}/turns`, { input });
    await vi.waitFor(async () => expect(await countEvents(session, 'turn.ended')).toBe(index + 1), 60_000);
  }
  return session;
}

async function countEvents(session: SessionView, type: string): Promise<number> {
  const { body } = await baton.request('GET', `/sessions/${session.id}/events?limit=1000`);
  return JSON.stringify(body).split(`"type":"${type}"`).length - 1;
}

const withTalk = <T>(prompts: readonly string[], run: (session: SessionView) => Promise<T>) =>
  withScenario(FILES, async (env) => run(await haveTalk(env, prompts)));

async function openTurnMenu(page: Page, turn: number): Promise<void> {
  const button = page.getByRole('button', { name: 'Actions for this turn' }).nth(turn);
  await button.focus();
  await button.press('Enter');
}

/** The checkpoints tab of the drawer, which is a sheet on a phone. */
async function openCheckpoints(page: Page, view: View): Promise<Locator> {
  if (view.phone) await page.getByRole('button', { name: 'Show plan and files' }).click();
  await page.getByRole('tab', { name: 'Checkpoints' }).click();
  const list = page.getByRole('list', { name: /Checkpoints/ });
  await list.getByRole('button').first().waitFor();
  return list;
}

test('a turn is forked from the keyboard; the fork says where it comes from and leads back', () =>
  withTalk(['one', 'two'], async (session) => {
    const page = await browsing.signIn(baton);
    await open(page, session);
    await conversation(page).getByText('The second turn is done.').waitFor();
    await openTurnMenu(page, 0);
    await page.getByRole('menuitem', { name: 'Fork from here' }).press('Enter');
    await page.getByText('Fork of').waitFor();
    expect(page.url()).not.toContain(session.id);
    await conversation(page).getByText('The first turn is done.').waitFor();
    expect(await conversation(page).getByText('The second turn is done.').count()).toBe(0);
    await page.getByRole('link', { name: 'A talk', exact: true }).last().click();
    await page.waitForURL(new RegExp(session.id));
    await conversation(page).getByText('The second turn is done.').waitFor();
    await page.context().close();
  }));

test('going back takes turns and files back, says which, and keeps what was there', () =>
  withTalk(['one', 'two'], async (session) => {
    const page = await browsing.signIn(baton);
    await open(page, session);
    await conversation(page).getByText('The second turn is done.').waitFor();
    await openTurnMenu(page, 0);
    await page.getByRole('menuitem', { name: /Go back to here/ }).click();
    const dialog = page.getByRole('dialog', { name: /Go back/ });
    await dialog.getByText('1 turn will be taken back').waitFor();
    await dialog.getByText('Talk and files').click();
    await dialog.getByText('2 files will go back').waitFor();
    await dialog.getByRole('button', { name: 'Take back 1 turn and 2 files' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await conversation(page).getByText('The second turn is done.').waitFor({ state: 'hidden' });
    expect(read(session, 'greeting.txt')).toBe('Hello\n');
    expect(existsSync(join(session.cwd, 'second.txt'))).toBe(false);
    const list = await openCheckpoints(page, DESKTOP);
    await list.getByText('Before a restore').first().waitFor();
    await page.context().close();
  }));

test('a word sent into the running turn stands in it, at once and for good', () =>
  withScenario(LISTENING, async (env) => {
    const session = await createSession({ env, mode: 'default', prompt: 'Tell me something' });
    const page = await browsing.signIn(baton);
    await open(page, session);
    await conversation(page).getByText('One word follows another').first().waitFor();
    const composer = page.getByLabel('Prompt', { exact: true });
    await composer.fill('Mind the tests');
    await page.getByRole('button', { name: /Send into this turn/ }).waitFor();
    await composer.press('Control+Enter');
    await conversation(page).getByText('Mind the tests').waitFor();
    await expect.poll(() => countEvents(session, 'turn.steered')).toBe(1);
    await page
      .getByRole('region', { name: 'Approval' })
      .getByRole('button', { name: /^Allow once/ })
      .click();
    await conversation(page).getByText('I have read all of it.').first().waitFor();
    await conversation(page).getByText(/^Done/).waitFor();
    expect(await conversation(page).getByText('Mind the tests').count()).toBe(1);
    expect(await countEvents(session, 'turn.started')).toBe(1);
    await page.context().close();
  }));

test.each([DESKTOP, PHONE])('chosen files go back to a checkpoint, and the restore is undone ($name)', (view) =>
  withTalk(['one', 'two'], async (session) => {
    const page = await browsing.signIn(baton, view);
    await open(page, session);
    const list = await openCheckpoints(page, view);
    await list.getByRole('button', { name: /After .*one/ }).click();
    await page.getByRole('checkbox', { name: 'Restore second.txt' }).uncheck({ force: true });
    await page.getByRole('button', { name: 'Restore 1 of 2 files' }).click();
    await page.getByText(/1 file was put back\. The state before is kept as/).waitFor();
    expect(read(session, 'greeting.txt')).toBe('Hello\n');
    expect(read(session, 'second.txt')).toBe('two\n');
    await page.getByRole('button', { name: 'Undo this restore' }).click();
    await page.getByText(/^Undone\. /).waitFor();
    expect(read(session, 'greeting.txt')).toBe('Good morning\n');
    await page.getByRole('textbox', { name: 'Name of the checkpoint' }).fill('My own');
    await page.getByRole('button', { name: 'Save a checkpoint' }).click();
    await list.getByText('My own').waitFor();
    await page.context().close();
  }),
);

test('a rule made of an approval answers the next one; the page of rules can take it back', () =>
  withScenario(ASKING, async (env) => {
    const session = await createSession({ env, mode: 'default', prompt: 'Which version?' });
    const page = await browsing.signIn(baton);
    await open(page, session);
    const approval = page.getByRole('region', { name: 'Approval' });
    await approval.getByRole('button', { name: /Make this a rule/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Make this a rule' });
    await dialog.getByText('A request like this one would be allowed.').waitFor();
    await dialog.getByRole('button', { name: 'Save this rule' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await approval
      .getByRole('button', { name: /^Allow once/ })
      .first()
      .click();
    await conversation(page).getByText('Twice.').waitFor();
    await page.goto(`${baton.url}/policies`);
    const rule = page.getByRole('list', { name: 'Rules' }).getByRole('listitem');
    expect(await rule.textContent()).toContain('Allow node --version');
    await page.getByText('Of the last').waitFor();
    await page.getByRole('button', { name: 'Remove rule 1' }).click();
    await page.getByRole('button', { name: 'Save rules' }).click();
    await page.getByText('No rules: you are asked about everything').waitFor();
    await expect.poll(async () => (await baton.request('GET', '/policies')).body).toMatchObject({ rules: [] });
    await page.context().close();
  }));

test('a task is given on the page, and its result read there', async () => {
  const page = await browsing.signIn(baton);
  await page.getByRole('navigation', { name: 'Sessions' }).getByRole('link', { name: 'Tasks' }).click();
  await page.getByRole('button', { name: 'New task' }).click();
  const dialog = page.getByRole('dialog', { name: 'New task' });
  await dialog.getByRole('textbox', { name: 'Prompt' }).fill('[scene echo] Say this');
  await dialog.getByRole('combobox', { name: 'Folder' }).fill(mkdtempSync(join(baton.root, 'task-')));
  await dialog.getByRole('combobox', { name: 'Folder' }).press('Escape');
  await dialog.getByText('More choices').click();
  const schema = dialog.getByRole('textbox', { name: 'Schema of the result' });
  await schema.fill('{');
  await dialog.getByText('This is not JSON', { exact: false }).waitFor();
  await schema.fill('');
  await dialog.getByRole('combobox', { name: 'Agent' }).click();
  await page.getByRole('option', { name: /Baton worker/ }).click();
  await dialog.getByRole('button', { name: 'Add task' }).click();
  await page.waitForURL(/\/tasks\/tsk_/);
  await page.getByRole('region', { name: 'Result' }).getByText('You said: Say this').waitFor();
  await page.getByRole('link', { name: 'Open its session' }).click();
  await conversation(page).getByText('You said: Say this').waitFor();
  const { body } = await baton.request('GET', '/tasks');
  expect(JSON.stringify(body)).toContain('"state":"succeeded"');
  await page.context().close();
});

test('a new rule, added as it opens, lets nothing run', async () => {
  const page = await browsing.signIn(baton);
  await page.goto(`${baton.url}/policies`);
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a rule' });
  expect(await dialog.getByRole('status').textContent()).toMatch(/^Ask/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.context().close();
});

async function expectCleanSession(page: Page, session: SessionView, view: View): Promise<void> {
  await open(page, session);
  await conversation(page).getByText('The second turn is done.').waitFor();
  await openTurnMenu(page, 0);
  await page.getByRole('menuitem', { name: /Go back to here/ }).click();
  await page.getByRole('dialog').getByText('Talk and files').click();
  await page.getByText(/will go back/).waitFor();
  await expectNoFaultsInBothSchemes(page, 'going back');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const list = await openCheckpoints(page, view);
  await list.getByRole('button', { name: /After .*one/ }).click();
  await list.getByRole('button', { name: /greeting\.txt/ }).click();
  await list.getByRole('figure', { name: /greeting\.txt/ }).waitFor();
  await expectNoFaultsInBothSchemes(page, 'checkpoints');
}

async function expectCleanPolicies(page: Page): Promise<void> {
  await page.goto(`${baton.url}/policies`);
  await page.getByRole('list', { name: 'Rules' }).waitFor();
  await page.getByRole('button', { name: 'Move rule 1 down' }).click();
  await page.getByRole('region', { name: 'Unsaved rules' }).waitFor();
  await expectNoFaultsInBothSchemes(page, 'policies');
  await page.getByRole('button', { name: 'Edit rule 1' }).click();
  await page.getByRole('dialog', { name: 'Edit this rule' }).waitFor();
  await expectNoFaultsInBothSchemes(page, 'a rule');
}

async function expectCleanTasks(page: Page, taskId: string): Promise<void> {
  await page.goto(`${baton.url}/tasks`);
  await page
    .getByRole('link', { name: /Plain work/ })
    .last()
    .waitFor();
  await expectNoFaultsInBothSchemes(page, 'tasks');
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByText('More choices').click();
  await expectNoFaultsInBothSchemes(page, 'new task');
  await page.goto(`${baton.url}/tasks/${taskId}`);
  await page.getByRole('region', { name: 'Result' }).waitFor();
  await expectNoFaultsInBothSchemes(page, 'a task');
}

describe.each([DESKTOP, PHONE])('on a $name', (view) => {
  test('going back, checkpoints, policies and tasks have no fault that axe finds', () =>
    withTalk(['one', 'two'], async (session) => {
      writeFileSync(join(session.cwd, 'by-hand.txt'), 'x\n');
      const rules = [
        { id: 'a', effect: 'deny', match: { command: 'rm **' }, note: 'Ask me first' },
        { id: 'b', effect: 'allow', match: { command: 'npm test', riskAtMost: 'low' } },
      ];
      await baton.request('PUT', '/policies', { rules });
      const body = { title: 'Plain work', prompt: '[scene simple] go', backend: 'worker', cwd: session.cwd };
      const task = await baton.request('POST', '/tasks', body);
      const { id: taskId } = taskViewSchema.parse(task.body);
      const page = await browsing.signIn(baton, view);
      await expectCleanSession(page, session, view);
      await expectCleanPolicies(page);
      await expectCleanTasks(page, taskId);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await baton.request('PUT', '/policies', { rules: [] });
      await page.context().close();
    }));
});

test('no page threw an error or asked another machine for anything', () => {
  expect(browsing.faults).toEqual([]);
});
