import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { CLAUDE } from './harness/agents/claude.ts';
import { withScenario } from './harness/agents.ts';
import { PHONE } from './harness/browser.ts';
import { useBrowsing } from './harness/use-browsing.ts';

const here = useBrowsing({ env: CLAUDE.serverEnv });

const card = (page: Page, title: string) => page.getByRole('main').getByRole('listitem').filter({ hasText: title });

test('a card names the model as its agent does, and its folder by its own name', () =>
  withScenario('echo', async (env) => {
    const session = await here.create({ backend: 'claude', env, model: 'haiku', prompt: 'Name your model' });
    const page = await here.signIn();
    await card(page, 'Name your model').getByText('Claude Code · Haiku').waitFor();
    const name = card(page, 'Name your model').getByText(session.cwd.slice(session.cwd.lastIndexOf('/') + 1));
    expect(await name.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
  }));

test('a session whose last turn failed is seen among the others, and its prompt can be sent again', () =>
  withScenario('errors', async (env) => {
    const session = await here.create({ env, prompt: 'Say 400' });
    const page = await here.signIn();
    await card(page, 'Say 400').getByText('Failed', { exact: true }).waitFor();
    const inRail = page.getByRole('navigation', { name: 'Sessions' }).getByRole('link', { name: /Say 400/ });
    await inRail.getByText('Failed').waitFor({ state: 'attached' });
    await inRail.click();
    const conversation = page.getByRole('log', { name: 'Conversation' });
    const prompts = conversation.getByText('Say 400', { exact: true });
    const again = conversation.getByRole('button', { name: 'Send the prompt again' });
    await again.click();
    // The first one is in the past.
    await expect.poll(async () => [await prompts.count(), await again.count()]).toEqual([2, 1]);
    await here.baton.request('POST', `/sessions/${session.id}/turns`, { input: '429 once' });
    await conversation.getByText('It worked on the second try.').waitFor();
    await inRail.getByText('Idle').waitFor({ state: 'attached' });
    // The conversation hears of it on a line of its own.
    await again.waitFor({ state: 'detached' });
  }));

test('a session that was deleted leaves no empty drawer behind', () =>
  withScenario('echo', async (env) => {
    const session = await here.create({ env, prompt: 'Soon gone' });
    const [desk, phone] = await Promise.all([here.signIn(), here.signIn(PHONE)]);
    for (const page of [desk, phone]) await page.goto(`${here.baton.url}/sessions/${session.id}`);
    const drawer = desk.getByRole('complementary', { name: 'Plan and files' });
    const toDrawer = phone.getByRole('button', { name: 'Show plan and files' });
    await Promise.all([drawer.getByText('Context and usage').waitFor(), toDrawer.waitFor()]);
    expect((await here.baton.request('DELETE', `/sessions/${session.id}`)).status).toBe(204);
    for (const page of [desk, phone]) await page.getByText('This session is not here any more').waitFor();
    await Promise.all([drawer.waitFor({ state: 'detached' }), toDrawer.waitFor({ state: 'detached' })]);
  }));

test('the page as a whole never scrolls, however long its lists are', () =>
  withScenario('echo', async (env) => {
    for (const prompt of ['one', 'two', 'three']) await here.create({ env, prompt });
    const page = await here.signIn();
    await page.setViewportSize({ width: 1440, height: 300 });
    const last = page.getByRole('navigation', { name: 'Sessions' }).getByRole('link').last();
    await last.scrollIntoViewIfNeeded();
    const heights = await page.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight]);
    expect(heights).toEqual([300, 300]);
  }));

test('no page threw or asked for anything outside', () => {
  expect(here.browsing.faults).toEqual([]);
});
