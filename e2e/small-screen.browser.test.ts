import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { sessionViewSchema } from '@baton/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withScenario } from './harness/agents.ts';
import { type BatonProcess, startBaton } from './harness/baton-process.ts';
import { type Browsing, PHONE, startBrowsing } from './harness/browser.ts';

// A browser on a busy machine of two cores.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const SMALL = { ...PHONE, name: 'small phone', width: 320, height: 640 };

let baton: BatonProcess;
let browsing: Browsing;

beforeAll(async () => {
  [baton, browsing] = await Promise.all([startBaton(), startBrowsing()]);
});
afterAll(async () => {
  await browsing?.close();
  await baton?.kill('SIGTERM');
});

/** On the smallest phone, with the largest text that the settings offer. */
async function signInWithLargeText(): Promise<Page> {
  const page = await browsing.signIn(baton, SMALL);
  await page.goto(`${baton.url}/settings`);
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
    const cwd = mkdtempSync(join(baton.root, 'work-'));
    const body = { backend: 'worker', cwd, env, prompt: 'Write the note' };
    const { id } = sessionViewSchema.parse((await baton.request('POST', '/sessions', body)).body);
    const page = await browsing.signIn(baton, SMALL);
    await page.goto(`${baton.url}/sessions/${id}`);
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
    await page.context().close();
  }));

test('no page is wider than the screen with the largest text', async () => {
  const page = await signInWithLargeText();
  for (const path of ['/', '/settings', '/agents', '/queue', '/tasks', '/server', '/policies']) {
    await page.goto(`${baton.url}${path}`);
    await page.getByRole('main').getByRole('button').or(page.getByRole('main').getByRole('link')).first().waitFor();
    const wide = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main .overflow-y-auto')].flatMap((box) =>
        box.scrollWidth > box.clientWidth ? [`${location.pathname}: ${box.scrollWidth} of ${box.clientWidth}`] : [],
      ),
    );
    expect(wide).toEqual([]);
  }
  await page.context().close();
});

test('no page threw or asked for anything outside', () => {
  expect(browsing.faults).toEqual([]);
});
