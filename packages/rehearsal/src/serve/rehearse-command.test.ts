import { expect, test } from 'vitest';
import { rehearseCommand, type RecordedRequest } from '../index.ts';

const run = (script: string, log?: (request: RecordedRequest) => void) =>
  rehearseCommand({
    scenario: 'simple',
    command: process.execPath,
    args: ['-e', script],
    ...(log === undefined ? {} : { log }),
  });

test('gives the program the address of the scripted model and answers with its exit code', async () => {
  const requests: RecordedRequest[] = [];
  const script = `
    fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
      method: 'POST',
      headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY },
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }),
    }).then((answer) => answer.json()).then((body) => process.exit(body.content.length + 40));`;
  expect(await run(script, (request) => requests.push(request))).toBe(42);
  expect(requests).toMatchObject([{ kind: 'main', scenario: 'simple', prompt: 'Hi', status: 200, aborted: false }]);
});

test('answers 128 and the signal when a signal ended the program', async () => {
  expect(await run(`process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)`)).toBe(143);
});

test('says that a program is not there', async () => {
  const missing = rehearseCommand({ scenario: 'simple', command: '/no/such/program', args: [] });
  await expect(missing).rejects.toThrow('Cannot start "/no/such/program"');
});
