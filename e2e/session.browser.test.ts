import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type SessionView, sessionViewSchema } from '@baton/protocol';
import { startRehearsal } from '@baton/rehearsal';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CLAUDE } from './harness/agents/claude.ts';
import { rehearsalEnv, STORY, withScenario } from './harness/agents.ts';
import { expectNoFaultsInBothSchemes } from './harness/axe.ts';
import { DESKTOP, PHONE } from './harness/browser.ts';
import { useBrowsing } from './harness/use-browsing.ts';

const here = useBrowsing({ env: CLAUDE.serverEnv });

const open = (page: Page, session: SessionView) => page.goto(`${here.baton.url}/sessions/${session.id}`);
const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });

test('the first minute: a stranger starts a rehearsal, approves twice by keyboard and reads the summary', async () => {
  const page = await here.signIn();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New session' });
  await dialog.getByRole('textbox', { name: 'Prompt' }).fill('Show me what you can do');
  const folder = mkdtempSync(join(here.baton.root, 'first-'));
  await dialog.getByRole('combobox', { name: 'Folder' }).fill(folder);
  await dialog.getByRole('radio', { name: /Baton worker/ }).check({ force: true });
  expect(await dialog.textContent()).toContain('rehearsal');
  await dialog.getByRole('combobox', { name: 'Folder' }).press('Escape');
  await dialog.getByRole('button', { name: /Create|Start/ }).click();
  await page.waitForURL(/\/sessions\/ses_/);
  for (const what of ['hello-baton.sh', 'sh hello-baton.sh']) {
    const approval = page.getByRole('region', { name: 'Approval' });
    await approval.getByText(what, { exact: false }).first().waitFor();
    // This card and no other: the next may come while nobody looks, and would be answered with it.
    const card = await approval.elementHandle();
    // Keys count only once the card has stood for a moment: nobody approves by a keystroke meant for something else.
    await expect
      .poll(async () => {
        if (await card?.isHidden()) return true;
        await page.keyboard.press('Alt+1');
        return false;
      })
      .toBe(true);
  }
  await conversation(page).getByText('What happened in this minute').waitFor();
  await conversation(page).getByText(/^Done/).waitFor();
  expect(existsSync(join(folder, 'hello-baton.sh'))).toBe(true);
});

test('a denied command stays undone, and the note reaches the agent', () =>
  withScenario('approval', async (env) => {
    const session = await here.create({ env, prompt: 'Write the note' });
    const page = await here.signIn();
    await open(page, session);
    const approval = page.getByRole('region', { name: 'Approval' });
    await approval.getByText('note.txt').first().waitFor();
    await approval.getByRole('textbox', { name: 'Note for the agent' }).fill('not here, please');
    await approval.getByRole('button', { name: /Deny/ }).click();
    await conversation(page).getByText('not here, please').first().waitFor();
    expect(existsSync(join(session.cwd, 'note.txt'))).toBe(false);
  }));

test('two browsers live on one session: one asks, the other answers, both see the same', () =>
  withScenario('approval', async (env) => {
    const session = await here.create({ env });
    const [desk, phone] = await Promise.all([here.signIn(), here.signIn(PHONE)]);
    await Promise.all([open(desk, session), open(phone, session)]);
    const composer = desk.getByLabel('Prompt', { exact: true });
    await composer.fill('Write the note');
    await composer.press('Enter');
    await phone
      .getByRole('button', { name: /Allow once|^Allow/ })
      .first()
      .click();
    for (const page of [desk, phone]) {
      await conversation(page).getByText('The note is written.').waitFor();
      await page.getByRole('region', { name: 'Approval' }).waitFor({ state: 'hidden' });
    }
    expect(existsSync(join(session.cwd, 'note.txt'))).toBe(true);
  }));

// The code of a dialog comes when it is wanted, over whatever line there is.
test('what is typed while a dialog is fetched goes neither to the page below it nor to the agent', () =>
  withScenario('approval', async (env) => {
    const session = await here.create({ env, prompt: 'Write the note' });
    const page = await here.signIn();
    const { promise: goOn, resolve: letCome } = Promise.withResolvers<void>();
    await page.route(/switcher-.*\.js/, async (route) => {
      await goOn;
      await route.continue();
    });
    await open(page, session);
    const approval = page.getByRole('region', { name: 'Approval' });
    await approval.getByText('note.txt').first().waitFor();
    const composer = page.getByRole('combobox', { name: 'Prompt' });
    await composer.fill('Not yet');
    await page.keyboard.press('Control+k');
    for (const key of ['e', 'Enter', 'Alt+1']) await page.keyboard.press(key);
    await page.getByRole('main').evaluate((main) => main.focus());
    for (const key of ['1', 'e', 'j']) await page.keyboard.press(key);
    letCome();
    await page.getByRole('combobox', { name: 'Search sessions' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe(`/sessions/${session.id}`);
    expect(await composer.inputValue()).toBe('Not yet');
    expect(await approval.isVisible()).toBe(true);
    const { body } = await here.baton.request('GET', `/sessions/${session.id}`);
    expect(sessionViewSchema.parse(body)).toMatchObject({ queue: [], state: 'waiting' });
    // The keys are the page's again.
    await page.getByRole('main').evaluate((main) => main.focus());
    await page.keyboard.press('e');
    await page.waitForURL('**/history');
  }));

test('a question is answered in the page', () =>
  withScenario('question', async (env) => {
    const session = await here.create({ env, prompt: 'Set up the project' });
    const page = await here.signIn();
    await open(page, session);
    const question = page.getByRole('region', { name: 'Question' });
    await question.getByRole('radio', { name: /Blue/ }).check({ force: true });
    await page.keyboard.press('Enter');
    await question.getByText('Question 2 of 2').waitFor();
    await question.getByRole('checkbox', { name: /Server/ }).check({ force: true });
    await question.getByRole('button', { name: /Send|Answer/ }).click();
    await conversation(page).getByText(/Blue/).first().waitFor();
    const { body } = await here.baton.request('GET', '/questions?state=answered');
    expect(JSON.stringify(body)).toContain('Blue');
  }));

test('a reload in the middle of an answer loses and doubles nothing', () =>
  withScenario(STORY, async (env) => {
    const session = await here.create({ env, prompt: 'Tell me a long story' });
    const page = await here.signIn();
    await open(page, session);
    await conversation(page).getByText('One word follows another').first().waitFor();
    await page.reload();
    await conversation(page).getByText('The story begins.').waitFor();
    await conversation(page).getByText('The story ends.').waitFor();
    const text = (await conversation(page).textContent()) ?? '';
    expect(text.split('The story begins.')).toHaveLength(2);
    expect(text.split('One word follows another')).toHaveLength(26);
  }));

test('Stop ends the turn, and the queue can be changed before it runs', () =>
  withScenario('long-stream', async (env) => {
    const session = await here.create({ env, prompt: 'Tell me a long story' });
    const page = await here.signIn();
    await open(page, session);
    await conversation(page).getByText('The story begins.').waitFor();
    const composer = page.getByLabel('Prompt', { exact: true });
    for (const text of ['second prompt', 'third prompt']) {
      await composer.fill(text);
      await composer.press('Enter');
      await page.getByText(text).first().waitFor();
    }
    const queued = page.getByRole('list', { name: 'Waiting prompts' }).getByRole('listitem');
    await queued.filter({ hasText: 'third prompt' }).getByRole('button', { name: 'Remove this prompt' }).click();
    await page.getByText('third prompt').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await conversation(page)
      .getByText(/Interrupted|Stopped/)
      .first()
      .waitFor();
    await conversation(page).getByText('second prompt').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const { body } = await here.baton.request('GET', `/sessions/${session.id}/events?limit=1000`);
    expect(JSON.stringify(body)).toContain('"type":"turn.unqueued"');
  }));

test('the page tells when the server is gone, keeps what is typed, and sends it once when the server is back', () =>
  withScenario('echo', async (env) => {
    const first = await here.start();
    const page = await here.browsing.signIn(first);
    const { body } = await first.request('POST', '/sessions', { backend: 'worker', cwd: first.root, env });
    const session = sessionViewSchema.parse(body);
    await page.goto(`${first.url}/sessions/${session.id}`);
    await page.getByText('Connected').first().waitFor();
    // The session's own part of the page comes after the frame around it.
    const composer = page.getByLabel('Prompt', { exact: true });
    await composer.waitFor();
    await first.kill('SIGKILL');
    await page
      .getByText(/Not connected/)
      .first()
      .waitFor();
    const banner = page.getByRole('status').filter({ hasText: 'Not connected.' }).getByText('What you send is kept');
    const tabs = page.getByRole('complementary', { name: 'Plan and files' }).getByRole('tablist');
    const [said, drawer] = await Promise.all([banner.boundingBox(), tabs.boundingBox()]);
    expect((said?.x ?? 0) + (said?.width ?? 0)).toBeLessThan(drawer?.x ?? 0);
    await composer.fill('typed while away');
    await composer.press('Enter');
    await conversation(page).getByText('typed while away').waitFor();
    const second = await here.startAgain(first);
    await conversation(page).getByText('You said: typed while away').waitFor();
    const { body: log } = await second.request('GET', `/sessions/${session.id}/events`);
    expect(JSON.stringify(log).split('"type":"turn.started"')).toHaveLength(2);
  }));

test('a page that is opened while the server is away comes once it is back, and nothing is lost meanwhile', async () => {
  const first = await here.start();
  const page = await here.browsing.signIn(first);
  await page.getByText('Connected').first().waitFor();
  await page.evaluate(() => {
    document.body.dataset['mark'] = 'the same page';
  });
  // What the page fetches ahead is there: code whose fetching was cut in its middle a browser may never ask for again.
  const fetched = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .join(' '),
    );
  await expect.poll(fetched).toMatch(/switcher-/);
  await page.waitForLoadState('networkidle');
  await first.kill('SIGKILL');
  await page
    .getByText(/Not connected/)
    .first()
    .waitFor();
  await page.getByRole('link', { name: 'Tasks' }).click();
  await page.getByText('Loading the page').waitFor();
  await here.startAgain(first);
  await page.getByText('No tasks yet').waitFor();
  expect(await page.evaluate(() => document.body.dataset['mark'])).toBe('the same page');
});

test('a session that is asked for while the server is away starts once, and takes nobody away from where they are', async () => {
  const first = await here.start();
  const page = await here.browsing.signIn(first);
  await page.goto(`${first.url}/settings`);
  await page.getByText('Connected').first().waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New session' });
  await dialog.getByRole('combobox', { name: 'Folder' }).fill(first.root);
  await dialog.getByRole('combobox', { name: 'Folder' }).press('Escape');
  await dialog.getByRole('radio', { name: /Baton worker/ }).check({ force: true });
  await first.kill('SIGKILL');
  await dialog.getByRole('textbox', { name: 'Prompt' }).fill('[scene simple] asked while away');
  await dialog.getByRole('button', { name: 'Start agent' }).click();
  await dialog.getByRole('status').getByText('Not connected').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const second = await here.startAgain(first);
  const toIt = page.getByRole('button', { name: 'Open session' });
  await toIt.waitFor();
  expect(new URL(page.url()).pathname).toBe('/settings');
  await toIt.click();
  await page.waitForURL(/\/sessions\/ses_/);
  await conversation(page).getByText('asked while away').first().waitFor();
  expect((await second.request('GET', '/sessions')).body).toMatchObject({
    items: [{ title: expect.stringContaining('asked while away') }],
  });
});

test('Claude Code itself, in a browser: it thinks, asks, runs and reports', async () => {
  const rehearsal = await startRehearsal({ scenario: 'approval' });
  const session = await here.create({ backend: 'claude', env: rehearsalEnv(rehearsal), prompt: 'Write the note' });
  const page = await here.signIn();
  await open(page, session);
  const approval = page.getByRole('region', { name: 'Approval' });
  await approval.getByText('note.txt').first().waitFor();
  await approval
    .getByRole('button', { name: /^Allow/ })
    .first()
    .click();
  await conversation(page).getByText('The note is written.').waitFor();
  expect(existsSync(join(session.cwd, 'note.txt'))).toBe(true);
  await rehearsal.close();
});

test('for who wants less motion, what is shown is shown at once and whole', async () => {
  const page = await here.signIn();
  const late = await page.evaluate(async () => {
    const root = document.documentElement;
    const isHidden = (element: Element) => getComputedStyle(element).visibility === 'hidden';
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    // What the page adds meanwhile may be hidden of its own: only what was in sight before is watched.
    const inSight = [...root.querySelectorAll('*')].filter((element) => !isHidden(element));
    root.style.visibility = 'hidden';
    // As long as a change that goes down one level with each frame could take.
    for (let level = 0; level < 60; level += 1) await nextFrame();
    const watched = inSight.filter((element) => element.isConnected);
    const hidden = watched.filter(isHidden).length;
    root.style.visibility = '';
    return { hiddenAll: hidden === watched.length, left: watched.filter(isHidden).length };
  });
  expect(late).toEqual({ hiddenAll: true, left: 0 });
});

describe.each([DESKTOP, PHONE])('on a $name', (view) => {
  test('home, a conversation, an approval, a question, the inbox, settings and the new-session dialog have no fault that axe finds', () =>
    withScenario('approval', async (env) => {
      const asking = await here.create({ env, prompt: 'Write the note' });
      const showing = await here.create({ model: 'rehearsal:markdown-showcase', prompt: 'Show everything' });
      const editing = await here.create({ model: 'rehearsal:edits', mode: 'accept-edits', prompt: 'Edit' });
      const questioning = await here.create({ model: 'rehearsal:question', prompt: 'Ask' });
      const page = await here.signIn(view);
      await expectNoFaultsInBothSchemes(page, 'home');
      for (const session of [asking, showing, editing, questioning]) {
        await open(page, session);
        await conversation(page).waitFor();
        await expectSettled(page, session);
        await expectNoFaultsInBothSchemes(page, `session ${session.title}`);
      }
      for (const path of ['/inbox', '/settings']) {
        await page.goto(here.baton.url + path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await expectNoFaultsInBothSchemes(page, path);
      }
      await page.goto(here.baton.url);
      await page.getByRole('button', { name: /New/ }).first().click();
      await page.getByRole('dialog', { name: 'New session' }).waitFor();
      await expectNoFaultsInBothSchemes(page, 'new session');
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }));
});

async function expectSettled(page: Page, session: SessionView): Promise<void> {
  await expect
    .poll(async () => {
      const { body } = await here.baton.request('GET', `/sessions/${session.id}`);
      return sessionViewSchema.parse(body).state;
    })
    .toMatch(/idle|waiting/);
  const settled = page.getByRole('region', { name: /Approval|Question/ }).or(conversation(page).getByText(/^Done/));
  await settled.first().waitFor({ state: 'attached' });
}

test('no page threw an error or asked another machine for anything', () => {
  expect(here.browsing.faults).toEqual([]);
});
