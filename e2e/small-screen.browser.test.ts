import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withScenario } from './harness/agents.ts';
import { PHONE } from './harness/browser.ts';
import { useBrowsing } from './harness/use-browsing.ts';

const SMALL = { ...PHONE, name: 'small phone', width: 320, height: 640 };

const here = useBrowsing();

/** On the smallest phone, with the largest text that the settings offer. */
async function signInWithLargeText(): Promise<Page> {
  const page = await here.signIn(SMALL);
  await page.goto(`${here.baton.url}/settings`);
  await page.getByText('150 %').click();
  await page.getByRole('radio', { name: '150 %', checked: true }).waitFor({ state: 'attached' });
  return page;
}

const isWithin = async (inner: Locator, outer: Locator): Promise<boolean> => {
  const [one, other] = await Promise.all([inner.boundingBox(), outer.boundingBox()]);
  if (one === null || other === null) return false;
  return one.y >= other.y && one.y + one.height <= other.y + other.height;
};

test('what is asked stands above its answers, and a finger reaches the last of them', () =>
  withScenario('approval', async (env) => {
    const { page } = await here.open({ env, prompt: 'Write the note' }, SMALL);
    const approval = page.getByRole('region', { name: 'Approval' });
    const command = approval.getByText(/printf 'hello/).first();
    await command.waitFor();
    expect(await isWithin(command, approval)).toBe(true);
    await approval.hover();
    const last = approval.getByRole('button', { name: /Make this a rule/ });
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, 400);
        return isWithin(last, approval);
      })
      .toBe(true);
  }));

test('what is said in passing covers nothing that is typed in, and a finger tells edit from remove', () =>
  withScenario('approval', async (env) => {
    const { id } = await here.create({ env, prompt: 'Write the note' });
    for (const input of ['one', 'two']) await here.baton.request('POST', `/sessions/${id}/turns`, { input });
    const page = await here.signIn(SMALL);
    await page.goto(`${here.baton.url}/sessions/${id}`);
    const buttons = page.getByRole('list', { name: 'Waiting prompts' }).getByRole('button');
    await buttons.nth(3).waitFor();
    // However much stands above it, what is typed can be sent.
    await page.getByRole('combobox', { name: 'Prompt' }).fill('one\ntwo\nthree\nfour\nfive\nsix');
    const queue = await page.getByRole('button', { name: 'Queue', exact: true }).boundingBox();
    expect((queue?.y ?? Number.POSITIVE_INFINITY) + (queue?.height ?? 0)).toBeLessThanOrEqual(SMALL.height);
    await page.getByRole('combobox', { name: 'Prompt' }).fill('');
    const sizes = await buttons.evaluateAll((all) => all.map((button) => button.getBoundingClientRect()));
    expect(Math.min(...sizes.flatMap(({ width, height }) => [width, height]))).toBeGreaterThanOrEqual(44);
    await page.getByRole('button', { name: 'Remove this prompt' }).first().click();
    const toast = page.getByRole('region', { name: 'Messages' }).getByRole('listitem');
    const [shown, composer] = await Promise.all([
      toast.boundingBox(),
      page.getByRole('combobox', { name: 'Prompt' }).boundingBox(),
    ]);
    expect((shown?.y ?? 0) + (shown?.height ?? 0)).toBeLessThan(composer?.y ?? 0);
  }));

test('no page is wider than the screen with the largest text', async () => {
  const page = await signInWithLargeText();
  for (const path of ['/', '/settings', '/agents', '/queue', '/tasks', '/server', '/policies']) {
    await page.goto(`${here.baton.url}${path}`);
    await page.getByRole('main').getByRole('button').or(page.getByRole('main').getByRole('link')).first().waitFor();
    const wide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main .overflow-y-auto')].flatMap((box) =>
        box.scrollWidth > box.clientWidth ? [`${location.pathname}: ${box.scrollWidth} of ${box.clientWidth}`] : [],
      ),
    );
    expect(wide).toEqual([]);
  }
});

test('while the app is on its way, the page says so', async () => {
  const page = await here.signIn(SMALL);
  const arrived = Promise.withResolvers<void>();
  await page.route(/\/assets\/.*\.js$/, async (route) => {
    await arrived.promise;
    await route.continue();
  });
  await page.goto(here.baton.url, { waitUntil: 'commit' });
  await page.getByText('Loading Baton…').waitFor();
  arrived.resolve();
  await page.getByRole('main').waitFor();
  expect(await page.getByText('Loading Baton…').count()).toBe(0);
});

test('no page threw or asked for anything outside', () => {
  expect(here.browsing.faults).toEqual([]);
});
