import { parseScenario } from '@baton/rehearsal';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withScenario } from './harness/agents.ts';
import { useBrowsing } from './harness/use-browsing.ts';

const here = useBrowsing();

const QUESTIONS = parseScenario(`
title: Two questions
turns:
  - steps:
      - call:
          tool: ask
          input:
            questions:
              - { question: Which colour shall it be?, header: Colour, options: [{ label: Red }, { label: Blue }] }
              - { question: Which name?, header: Name, options: [{ label: Atlas }, { label: Bolt }] }
      - say: "The answer was: {{result}}"
`);

const conversation = (page: Page) => page.getByRole('log', { name: 'Conversation' });

test('the prompt of a new session or task outlives its dialog and the page', async () => {
  const page = await here.signIn();
  const dialogs = [
    { path: '/', button: /New session/, title: 'New session' },
    { path: '/tasks', button: /New task/, title: 'New task' },
  ];
  for (const { path, button, title } of dialogs) {
    await page.goto(`${here.baton.url}${path}`);
    const open = () => page.getByRole('main').getByRole('button', { name: button }).first().click();
    const prompt = page.getByRole('dialog', { name: title }).getByRole('textbox', { name: 'Prompt' });
    await open();
    await prompt.fill(`Half a thought for ${title}`);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await prompt.waitFor({ state: 'detached' });
    await page.reload();
    await open();
    expect(await prompt.inputValue()).toBe(`Half a thought for ${title}`);
  }
});

test('answers that were chosen and typed are there again after a look at another page, and after a reload', () =>
  withScenario(QUESTIONS, async (env) => {
    const { page } = await here.open({ env, prompt: 'Set up the project' });
    const question = page.getByRole('region', { name: 'Question' });
    await question.getByRole('radio', { name: 'Blue' }).check({ force: true });
    await question.getByRole('button', { name: 'Next question' }).click();
    const own = question.getByRole('textbox', { name: 'Another answer' });
    await own.fill('Half a name');
    await page.getByRole('link', { name: /^Inbox/ }).click();
    // The same card stands there.
    await own.waitFor();
    expect(await own.inputValue()).toBe('Half a name');
    await page.goBack();
    await page.reload();
    await own.waitFor();
    expect(await own.inputValue()).toBe('Half a name');
    await own.fill('A whole name');
    await question.getByRole('button', { name: 'Send answers' }).click();
    await conversation(page)
      .getByText(/The answer was:.*Blue.*A whole name/s)
      .waitFor();
  }));

test('a note for the agent is there again after a reload, and goes with the answer', () =>
  withScenario('approval', async (env) => {
    const { page } = await here.open({ env, prompt: 'Write the note' });
    const approval = page.getByRole('region', { name: 'Approval' });
    const note = approval.getByRole('textbox', { name: 'Note for the agent' });
    await note.fill('Not in this folder');
    await page.reload();
    await note.waitFor();
    expect(await note.inputValue()).toBe('Not in this folder');
    await approval.getByRole('button', { name: /Deny/ }).click();
    await conversation(page)
      .getByText(/I was told:.*Not in this folder/s)
      .waitFor();
    const left = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.startsWith('here.baton.note.')),
    );
    expect(left).toEqual([]);
  }));

test('a prompt that was removed from the queue by accident can be queued again', () =>
  withScenario('approval', async (env) => {
    const { page, session } = await here.open({ env, prompt: 'Write the note' });
    await here.baton.request('POST', `/sessions/${session.id}/turns`, { input: 'Then a long thought of mine' });
    const queued = page.getByRole('list', { name: 'Waiting prompts' }).getByRole('listitem');
    await queued.getByRole('button', { name: 'Remove this prompt' }).click();
    await queued.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Queue it again' }).click();
    await queued.getByText('Then a long thought of mine').waitFor();
    expect(await queued.count()).toBe(1);
  }));

test('no page threw or asked for anything outside', () => {
  expect(here.browsing.faults).toEqual([]);
});
