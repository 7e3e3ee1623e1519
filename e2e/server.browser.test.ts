import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectNoFaults } from './harness/axe.ts';
import { DESKTOP, PHONE } from './harness/browser.ts';
import { useBrowsing } from './harness/use-browsing.ts';

const here = useBrowsing();

const card = (page: Page, title: string) => page.getByRole('region', { name: title, exact: true });

test('the page shows how the server does, and goes on showing it', async () => {
  const page = await here.signIn();
  await page.goto(`${here.baton.url}/settings`);
  await page.getByRole('link', { name: 'How the server does' }).click();
  const process = card(page, 'Server process');
  await process.getByText(String(here.baton.pid)).waitFor();
  await card(page, 'Sessions').getByText('0, 0 archived').waitFor();
  const body = { cwd: here.baton.root, backend: 'worker', title: 'Water the tulips' };
  expect((await here.baton.request('POST', '/sessions', body)).status).toBe(201);
  await card(page, 'Sessions').getByText('1, 0 archived').waitFor();
  await card(page, 'Begins to answer')
    .getByText(/^Within [\d.]+ ms$/)
    .waitFor();
  await card(page, 'Store').getByText('Last commit').waitFor();
  const archive = page.getByRole('textbox', { name: 'Archive quiet sessions after' });
  await archive.fill('x');
  await page.getByText('Give a whole number of days').waitFor();
  await archive.fill('30');
  await page.getByRole('button', { name: 'Save these rules' }).click();
  await page.getByRole('button', { name: 'Save these rules', disabled: true }).waitFor();
  expect((await here.baton.request('GET', '/retention')).body).toEqual({ archiveAfterDays: 30 });
  expect(here.browsing.faults).toEqual([]);
});

for (const view of [DESKTOP, PHONE, { ...DESKTOP, name: 'desktop, dark', scheme: 'dark' as const }]) {
  test(`has no faults for those who do not see it: ${view.name}`, async () => {
    const page = await here.signIn(view);
    await page.goto(`${here.baton.url}/server`);
    await card(page, 'Disk').waitFor();
    await expectNoFaults(page, `the server's page, ${view.name}`);
  });
}
