import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { sessionViewSchema } from '@baton/protocol';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BatonProcess, startBaton, temporaryFolder } from './harness/baton-process.ts';
import { type Browsing, DESKTOP, PHONE, startBrowsing, type View } from './harness/browser.ts';

// A browser and real agents on a busy machine of two cores.
const AGENTS = join(import.meta.dirname, '..', 'test-agents', 'node_modules');
/** Stands in for a program whose sign-in asks for a code; all else it does not know. */
const CODEX = `#!/bin/sh
[ "$1" = --version ] && echo "codex-cli 0.169.0" && exit 0
[ "$1" = login ] && [ "$2" = status ] && [ -f "$HOME/signed-in" ] && echo "Logged in" && exit 0
[ "$1" = login ] && [ "$2" = status ] && echo "Not logged in" >&2 && exit 1
if [ "$1" = login ]; then
  echo "Open https://login.test/device and type the code"
  printf "Code: "
  read code
  [ "$code" = 42 ] && touch "$HOME/signed-in" && echo "Welcome" && exit 0
  exit 1
fi
exit 2
`;

/** Stands in for npm, which would need the network; it goes on until it is ended. */
const NPM = `#!/bin/sh
echo "fetching the first package"
exec sleep 600
`;

let baton: BatonProcess;
let browsing: Browsing;

beforeAll(async () => {
  const bin = temporaryFolder('bin');
  symlinkSync(join(AGENTS, 'claude-code-older', 'bin', 'claude.exe'), join(bin, 'claude'));
  writeFileSync(join(bin, 'codex'), CODEX);
  chmodSync(join(bin, 'codex'), 0o755);
  writeFileSync(join(bin, 'npm'), NPM);
  chmodSync(join(bin, 'npm'), 0o755);
  [baton, browsing] = await Promise.all([
    startBaton({ env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } }),
    startBrowsing(),
  ]);
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
});

const card = (page: Page, title: string) => page.getByRole('listitem', { name: title, exact: true });

async function openAgents(view?: View): Promise<Page> {
  const page = await browsing.signIn(baton, view);
  await page.goto(`${baton.url}/agents`);
  await card(page, 'Claude Code').waitFor();
  return page;
}

test('the page says what was found and what is wrong, and a test runs the real program', async () => {
  const page = await openAgents();
  const claude = card(page, 'Claude Code');
  await claude.getByText('2.1.197').waitFor();
  await claude.getByText('Claude Code is not signed in').waitFor();
  await claude.getByRole('button', { name: 'Update to 2.1.329' }).waitFor();
  await claude.getByRole('button', { name: 'Test' }).click();
  await claude.getByText('Hello from the rehearsal').waitFor({ timeout: 60_000 });
  expect(await claude.getByRole('status').textContent()).toMatch(/It answered in \d/);
  await page.context().close();
});

test('one signs in with the agent itself, in a terminal of the page', async () => {
  const page = await openAgents();
  const codex = card(page, 'Codex');
  await codex.getByText('Not signed in', { exact: true }).first().waitFor();
  await codex.getByRole('button', { name: 'Sign in' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to Codex' });
  await dialog.getByRole('link', { name: 'https://login.test/device' }).waitFor();
  // Nothing is lost to a phone that is turned: the page is the same one in both layouts.
  await page.setViewportSize({ width: PHONE.width, height: PHONE.height });
  await page.getByRole('banner', { includeHidden: true }).waitFor({ state: 'attached' });
  await page.setViewportSize({ width: DESKTOP.width, height: DESKTOP.height });
  await dialog.getByRole('textbox', { name: 'Terminal of Codex' }).pressSequentially('42');
  await page.keyboard.press('Enter');
  await dialog
    .getByText(/Codex is done/)
    .first()
    .waitFor();
  await expectNoFaults(page, 'sign-in');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await codex.getByText('Signed in', { exact: true }).waitFor();
  expect(await codex.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
  await page.context().close();
});

test('an agent of one’s own is added, fails its test with its last lines, is changed and removed', async () => {
  const page = await openAgents();
  const command = join(mkdtempSync(join(baton.root, 'own-')), 'loud');
  writeFileSync(command, '#!/bin/sh\necho "cannot find my settings" >&2\nexit 3\n');
  chmodSync(command, 0o755);
  await page.getByRole('button', { name: 'Add an agent' }).click();
  const dialog = page.getByRole('dialog');
  // One begins to type at once.
  const title = dialog.getByLabel('Title');
  await expect.poll(() => title.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type('Loud agent');
  await dialog.getByRole('button', { name: 'Add agent' }).click();
  await dialog.getByText('The command is empty').waitFor();
  await dialog.getByLabel('Command').fill(command);
  await dialog.getByRole('button', { name: 'Add a variable' }).click();
  await dialog.getByLabel('Name of variable 1').fill('LOUD_KEY');
  await dialog.getByLabel('Value of LOUD_KEY').fill('very-secret');
  const picture = dialog.locator('input[type=file]');
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="red"/></svg>';
  await picture.setInputFiles({ name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await dialog.getByText('Cannot show no.png as a picture').waitFor();
  await picture.setInputFiles({ name: 'mark.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) });
  await expect.poll(() => dialog.getByLabel('Mark').inputValue()).toMatch(/^data:image\/png;base64,/);
  await expectNoFaults(page, 'add an agent');
  await dialog.getByRole('button', { name: 'Add agent' }).click();
  const loud = card(page, 'Loud agent');
  await loud.locator('img[src^="data:image/png"]').waitFor();
  await loud.getByRole('button', { name: 'Test' }).click();
  await loud.getByRole('alert').getByText('cannot find my settings').last().waitFor();

  await loud.getByRole('button', { name: 'Change Loud agent' }).click();
  await page.getByRole('dialog').getByLabel('Title').fill('Louder agent');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const louder = card(page, 'Louder agent');
  await louder.waitFor();
  expect(readFileSync(join(baton.dataDir, 'agents.json'), 'utf8')).toContain('very-secret');
  expect(await page.content()).not.toContain('very-secret');

  const cwd = mkdtempSync(join(baton.root, 'own-'));
  const made = await baton.request('POST', '/sessions', { backend: 'loud-agent', cwd, prompt: 'go' });
  const { id } = sessionViewSchema.parse(made.body);
  const state = async () => sessionViewSchema.parse((await baton.request('GET', `/sessions/${id}`)).body).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('failed');

  await louder.getByRole('button', { name: 'Remove Louder agent' }).click();
  await page.getByRole('button', { name: 'Remove agent' }).click();
  await louder.waitFor({ state: 'detached' });
  await page.goto(`${baton.url}/sessions/${id}`);
  await page.getByText('is not among the agents any more. Add it again under the id').waitFor();
  await page.context().close();
});

test('an installation that runs is followed again after a reload, and can be cancelled there', async () => {
  const page = await openAgents();
  const openCode = card(page, 'OpenCode');
  expect(await openCode.getByRole('button', { name: 'Test' }).count()).toBe(0);
  await openCode.getByRole('button', { name: 'Install OpenCode' }).click();
  await openCode.getByText('fetching the first package').waitFor();
  await page.reload();
  const progress = openCode.getByRole('region', { name: 'Installation of OpenCode' });
  await progress.getByText('fetching the first package').waitFor();
  await progress.getByText('Installing').waitFor();
  await progress.getByRole('button', { name: 'Cancel installation' }).click();
  await progress.getByText('Cancelled:').waitFor();
  expect((await baton.request('GET', '/installs')).body).toMatchObject({
    items: [{ backend: 'opencode', state: 'cancelled' }],
  });
  await page.context().close();
});

test('a default of a folder is what a new session there begins with', async () => {
  const page = await openAgents();
  const folder = join(baton.root, 'with-default');
  mkdirSync(folder);
  const items = [{ folder, backend: 'worker', mode: 'plan' }];
  const { status } = await baton.request('PUT', '/folders/defaults', { items });
  expect(status).toBe(200);
  await page.goto(`${baton.url}/`);
  await page.getByRole('button', { name: /New/ }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New session' });
  await dialog.getByRole('combobox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('combobox', { name: 'Folder' }).press('Escape');
  await expect.poll(() => dialog.getByRole('radio', { name: /Baton worker/ }).isChecked()).toBe(true);
  const mode = dialog.getByRole('combobox', { name: 'Mode', exact: true });
  await expect.poll(() => mode.textContent()).toContain('Plan');
  await page.context().close();
});

// A press between two buttons is the one's or the other's by chance.
test('buttons that wrap on a small phone keep their finger targets apart', async () => {
  const page = await openAgents({ ...PHONE, name: 'small phone', width: 320, height: 640 });
  await card(page, 'Codex').getByRole('button', { name: 'Test' }).waitFor();
  const lines = await card(page, 'Claude Code')
    .getByRole('button')
    .evaluateAll((buttons) =>
      buttons.map((button) => button.getBoundingClientRect()).map(({ y, height }) => y + height / 2),
    );
  const middles = [...new Set(lines)].sort((one, other) => one - other);
  expect(middles.length).toBeGreaterThan(1);
  const steps = middles.slice(1).map((middle, index) => middle - (middles[index] ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(44);
  await page.context().close();
});

const VIEWS: readonly View[] = [
  DESKTOP,
  { ...DESKTOP, name: 'desktop, dark', scheme: 'dark' },
  PHONE,
  { ...PHONE, name: 'phone, light', scheme: 'light' },
];

describe.each(VIEWS)('on a $name', (view) => {
  test('the page has no fault that axe finds and is not wider than the screen', async () => {
    const page = await openAgents(view);
    await page.getByText('More agents').click();
    await card(page, 'Goose').waitFor();
    await expectNoFaults(page, 'agents');
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.context().close();
  });
});

async function expectNoFaults(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.map(
    ({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

test('no page threw an error or asked another machine for anything', () => {
  expect(browsing.faults).toEqual([]);
});
