import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Rehearsal, startRehearsal } from '@baton/rehearsal';
import { toClaudeProject, toClaudeTranscript, type Exchange } from '@baton/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CLAUDE } from './harness/agents/claude.ts';
import { expectNoFaults } from './harness/axe.ts';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { type Browsing, DESKTOP, PHONE, startBrowsing } from './harness/browser.ts';

// A browser on a busy machine of two cores.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const LIVE = '11111111-1111-4111-8111-111111111111';
const LONG = '22222222-2222-4222-8222-222222222222';
const GONE = '33333333-3333-4333-8333-333333333333';
const TERMINAL = '44444444-4444-4444-8444-444444444444';

let rehearsal: Rehearsal;
let baton: BatonProcess;
let browsing: Browsing;
const root = temporaryFolder('history');
const atlas = join(root, 'atlas');
const terminalNote = join(root, '.claude', 'sessions', `${process.pid}.json`);

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: 'echo' });
  const agentEnv = CLAUDE.sessionEnv(rehearsal);
  mkdirSync(atlas, { recursive: true });
  storeTalk(LIVE, atlas, [{ prompt: 'Water the tulips', answer: 'They are watered.' }]);
  storeTalk(LONG, atlas, toLongTalk());
  storeTalk(GONE, join(root, 'gone'), [{ prompt: 'Paint the fence', answer: 'It is green.' }]);
  mkdirSync(join(root, '.claude', 'sessions'));
  writeFileSync(terminalNote, JSON.stringify({ pid: process.pid, sessionId: LIVE }));
  await talkInTerminal(agentEnv);
  [baton, browsing] = await Promise.all([
    startBaton({ root, env: { ...CLAUDE.serverEnv, ...agentEnv } }),
    startBrowsing(),
  ]);
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
  await rehearsal?.close();
});

const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const goOn = (page: Page) => page.getByRole('button', { name: 'Go on here' });
const folderOf = (cwd: string) => join(root, '.claude', 'projects', toClaudeProject(cwd));

function storeTalk(nativeId: string, cwd: string, exchanges: readonly Exchange[]): void {
  mkdirSync(folderOf(cwd), { recursive: true });
  const text = toClaudeTranscript({ nativeId, cwd, at: '2026-01-02T08:00:00.000Z', exchanges });
  writeFileSync(join(folderOf(cwd), `${nativeId}.jsonl`), text);
}

function toLongTalk(): Exchange[] {
  return Array.from({ length: 60 }, (_, index) => ({
    prompt: `Question ${index} about the garden`,
    answer: index === 5 ? 'The marigold stands beside the well.' : `Answer ${index}: it grows.`,
    command: { line: `ls bed-${index}`, output: 'earth\n' },
  }));
}

// The real program, as a person runs it.
async function talkInTerminal(agentEnv: Record<string, string>): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: root, LANG: 'C.UTF-8', IS_SANDBOX: '1', ...agentEnv };
  const args = ['-p', 'Remember the heliotrope', '--session-id', TERMINAL];
  const run = promisify(execFile)(CLAUDE.programs[0] ?? '', args, { cwd: atlas, env });
  run.child.stdin?.end();
  await run;
}

async function openFromList(page: Page, title: RegExp): Promise<void> {
  await page.goto(`${baton.url}/history`);
  await page.getByRole('main').getByRole('link', { name: title }).first().click();
  await conversation(page).waitFor();
}

test('what agents stored stands in the rail and in a list that is filtered by words', async () => {
  const page = await browsing.signIn(baton);
  const lane = page.getByRole('navigation', { name: 'Sessions' }).getByRole('region', { name: 'Elsewhere' });
  await lane.getByRole('link', { name: /Water the tulips/ }).waitFor();
  await lane.getByRole('link', { name: /Show all/ }).click();
  const list = page.getByRole('region', { name: 'Conversations from elsewhere' });
  const live = list.getByRole('link', { name: /Water the tulips.*In a terminal now/ });
  await live.waitFor();
  await expectNoFaults(page, 'Elsewhere');
  await page.getByRole('searchbox').fill('fence');
  await live.waitFor({ state: 'hidden' });
  await list.getByRole('link', { name: /Paint the fence/ }).waitFor();
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByRole('button', { name: 'Show all conversations' }).click();
  await live.waitFor();
  await page.context().close();
});

test('on a phone the list is narrowed to a folder, and shown whole again', async () => {
  const page = await browsing.signIn(baton, PHONE);
  await page.goto(`${baton.url}/history`);
  const list = page.getByRole('region', { name: 'Conversations from elsewhere' });
  const fence = list.getByRole('link', { name: /Paint the fence/ });
  const tulips = list.getByRole('link', { name: /Water the tulips/ });
  await fence.waitFor();
  const folder = page.getByRole('combobox', { name: 'Folder' });
  const choose = async (name: RegExp) => {
    await folder.click();
    await page.getByRole('option', { name }).click();
  };
  await choose(/^atlas/);
  await fence.waitFor({ state: 'hidden' });
  await tulips.waitFor();
  await expectNoFaults(page, 'Elsewhere, narrowed');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  await choose(/^All folders/);
  await fence.waitFor();
  await page.context().close();
});

test('a conversation that is open in a terminal is read and not gone on with, until it is ended there', async () => {
  const page = await browsing.signIn(baton, PHONE);
  await openFromList(page, /Water the tulips/);
  await conversation(page).getByText('They are watered.').waitFor();
  await page.getByText(/Open in a terminal now\. End it there/).waitFor();
  expect(await goOn(page).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Fork' }).isEnabled()).toBe(true);
  expect(await page.getByRole('button', { name: 'Actions for this turn' }).count()).toBe(0);
  await expectNoFaults(page, 'a conversation from elsewhere');
  rmSync(terminalNote);
  await page.getByText(/Began in Claude Code itself/).waitFor();
  expect(await goOn(page).isEnabled()).toBe(true);
  await page.context().close();
});

test('why it cannot go on is said in words, and it stays in sight', async () => {
  const page = await browsing.signIn(baton);
  await openFromList(page, /Paint the fence/);
  const said = conversation(page).getByText('It is green.');
  await said.waitFor();
  await goOn(page).click();
  await page
    .getByRole('alert')
    .getByText(/gone.* does not exist/)
    .waitFor();
  expect(await said.isVisible()).toBe(true);
  await page.context().close();
});

test('words are found as they are typed, and the hit is opened by the keyboard where it stands', async () => {
  const page = await browsing.signIn(baton);
  await page.keyboard.press('Control+K');
  const field = page.getByRole('combobox');
  await field.fill('marigold wel');
  const hit = page.getByRole('option', { name: /The marigold stands beside the well/ });
  await hit.waitFor();
  expect(await hit.locator('mark').allTextContents()).toEqual(['marigold', 'well']);
  await expectNoFaults(page, 'search');
  await field.press('ArrowUp');
  expect(await hit.getAttribute('aria-selected')).toBe('true');
  await field.press('Enter');
  await conversation(page).getByText('The marigold stands beside the well.').waitFor();
  const focused = page.locator('[data-row]:focus');
  await focused.getByText('The marigold stands beside the well.').waitFor();
  await page.keyboard.press('Control+K');
  await field.fill('zzyzx');
  await page.getByText('Nothing matches “zzyzx”').waitFor();
  await page.context().close();
});

test('search offers a phone nothing that needs keys', async () => {
  const page = await browsing.signIn(baton, PHONE);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('option', { name: 'Settings' }).waitFor();
  expect(await page.getByRole('option', { name: 'Keyboard shortcuts' }).count()).toBe(0);
  await page.context().close();
});

test.each([DESKTOP, PHONE])('what began in a terminal goes on here as one conversation ($name)', async (view) => {
  const page = await browsing.signIn(baton, view);
  if (view === DESKTOP) {
    await openFromList(page, /Remember the heliotrope/);
    await goOn(page).click();
    await page.waitForURL(/\/sessions\//);
  } else {
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox').fill('the heliotrope');
    await page
      .getByRole('option', { name: /heliotrope/ })
      .first()
      .click();
  }
  await conversation(page).getByText('Remember the heliotrope').first().waitFor();
  const prompt = `And what did I say, on the ${view.phone ? 'phone' : 'desktop'}`;
  await page.getByLabel('Prompt', { exact: true }).fill(prompt);
  await page.getByRole('button', { name: /^Send/ }).click();
  const transcript = join(folderOf(atlas), `${TERMINAL}.jsonl`);
  await vi.waitFor(() => expect(readFileSync(transcript, 'utf8').includes(prompt)).toBe(true), 60_000);
  await conversation(page).getByText(/^Done/).last().waitFor();
  expect(readdirSync(folderOf(atlas)).filter((name) => name.endsWith('.jsonl'))).toHaveLength(3);
  const { body } = await baton.request('GET', '/history');
  expect(JSON.stringify(body)).not.toContain(TERMINAL);
  await page.context().close();
});

test('no page threw or asked for anything outside', () => {
  expect(browsing.faults).toEqual([]);
});
