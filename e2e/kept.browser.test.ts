import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectNoFaults } from './harness/axe.ts';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { type Browsing, DESKTOP, PHONE, startBrowsing, type View } from './harness/browser.ts';

// A browser on a busy machine of two cores.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const FIXTURE = join(import.meta.dirname, '..', 'packages/backends/src/acp/__fixtures__/fixture-agent.mjs');

/** Agents made for tests, by how each behaves. */
const AGENTS = {
  keeps: 'Keeping agent',
  good: 'Silent agent',
  'list-breaks-off': 'Breaking agent',
  'load-refused': 'Locked agent',
} as const;

let baton: BatonProcess;
let browsing: Browsing;

beforeAll(async () => {
  const root = temporaryFolder('kept-page');
  for (const how of Object.keys(AGENTS)) mkdirSync(join(root, how));
  [baton, browsing] = await Promise.all([startBaton({ root }), startBrowsing()]);
  for (const [id, title] of Object.entries(AGENTS)) {
    const agent = {
      id,
      title,
      command: process.execPath,
      args: [FIXTURE, id],
      env: { KEPT_IN: join(root, id), KEPT_AS: `kept-${id}` },
    };
    expect(await baton.request('POST', '/agents', agent)).toMatchObject({ status: 201 });
  }
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
});

const card = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });
const lookButton = (page: Page, title: string) =>
  card(page, title).getByRole('button', { name: 'Look for its sessions' });
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });

async function openAgents(view?: View): Promise<Page> {
  const page = await browsing.signIn(baton, view);
  await page.goto(`${baton.url}/agents`);
  await card(page, AGENTS.keeps).waitFor();
  return page;
}

test('an agent is asked on its card for what it keeps, which is read and gone on with then', async () => {
  const page = await openAgents();
  await lookButton(page, AGENTS.keeps).click();
  const outcome = card(page, AGENTS.keeps).getByRole('status');
  await outcome.getByText('3 sessions are listed, all of them new.').waitFor();
  await outcome.getByRole('link', { name: 'Show them' }).click();
  await page
    .getByRole('link', { name: /The third/ })
    .first()
    .waitFor();
  await page
    .getByRole('main')
    .getByRole('link', { name: /No date/ })
    .waitFor();
  await page
    .getByRole('main')
    .getByRole('link', { name: /The second/ })
    .click();
  await conversation(page).getByText('They are all green.').waitFor();
  await conversation(page).getByText('And the lint?').waitFor();
  await expectNoFaults(page, 'read by its agent');
  await page.getByRole('button', { name: 'Go on here' }).click();
  await page.waitForURL(/\/sessions\//);
  await conversation(page).getByText('They are all green.').waitFor();
  await page.getByLabel('Prompt', { exact: true }).fill('go on then');
  await page.keyboard.press('Enter');
  await conversation(page).getByText('heard: go on then').waitFor();
  await page.context().close();
});

test('what an agent cannot tell or show is said with its own reason, and a look that it refuses is not offered again', async () => {
  const page = await openAgents();
  await lookButton(page, AGENTS.good).click();
  const refused = card(page, AGENTS.good).getByRole('alert');
  await refused.getByText('Silent agent does not tell which conversations it keeps').waitFor();
  await lookButton(page, AGENTS.good).waitFor({ state: 'detached' });
  await lookButton(page, AGENTS['list-breaks-off']).click();
  await card(page, AGENTS['list-breaks-off']).getByText('Breaking agent broke off its list: disk error.').waitFor();
  await lookButton(page, AGENTS['load-refused']).click();
  await card(page, AGENTS['load-refused']).getByRole('link', { name: 'Show them' }).click();
  await page
    .getByRole('main')
    .getByRole('link', { name: /The third/ })
    .click();
  await page.getByText('This conversation could not be read').waitFor();
  await page.getByText('Locked agent does not open "The third": the conversation is damaged.').waitFor();
  await page.context().close();
});

const VIEWS: readonly View[] = [
  DESKTOP,
  { ...DESKTOP, name: 'desktop, dark', scheme: 'dark' },
  PHONE,
  { ...PHONE, name: 'phone, light', scheme: 'light' },
];

describe.each(VIEWS)('on a $name', (view) => {
  test('what came of it has no fault that axe finds and is not wider than the screen', async () => {
    const page = await openAgents(view);
    await lookButton(page, AGENTS['list-breaks-off']).click();
    await card(page, AGENTS['list-breaks-off'])
      .getByRole('status')
      .getByText(/broke off its list/)
      .waitFor();
    await lookButton(page, AGENTS.keeps).click();
    const outcome = card(page, AGENTS.keeps).getByRole('status');
    await outcome.getByText(/of them new/).waitFor();
    await expectNoFaults(page, 'looked');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await outcome.getByRole('link', { name: 'Show them' }).click();
    await page
      .getByRole('link', { name: /The third/ })
      .first()
      .waitFor();
    await expectNoFaults(page, 'shown');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  });
});

test('no page threw an error or asked another machine for anything', () => {
  expect(browsing.faults).toEqual([]);
});
