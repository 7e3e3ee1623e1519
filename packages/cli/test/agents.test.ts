import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.close());

async function run(...args: string[]) {
  const terminal = createFakeTerminal();
  const code = await place.baton(['agents', ...args], terminal);
  return { code, printed: terminal.printed, said: terminal.said };
}

test('an agent is added with its arguments, listed with its fault, and removed', async () => {
  await place.serve();
  const added = await run(
    'add',
    '--title',
    'Goose',
    '--env',
    'KEY=very-secret',
    'goose-2',
    'no-such-goose',
    'acp',
    '--deep',
  );
  expect(added).toMatchObject({ code: 0, printed: expect.stringContaining('baton agents test goose-2') });
  expect(added.printed).toContain('no-such-goose');
  const file = join(place.home, 'data', 'agents.json');
  const parsed = parseJson(await readFile(file, 'utf8'));
  const agent = {
    id: 'goose-2',
    title: 'Goose',
    command: 'no-such-goose',
    args: ['acp', '--deep'],
    env: { KEY: 'very-secret' },
  };
  expect(parsed).toMatchObject({ ok: true, value: { agents: [agent] } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const listed = await run('ls');
  expect(listed.printed).toMatch(/! goose-2 +Goose +not installed/);
  expect(listed.printed).toContain('worker');
  expect(listed.printed).not.toContain('kiro');
  expect((await run('ls', '--all')).printed).toContain('kiro');

  expect((await run('rm', 'goose-2')).code).toBe(0);
  expect(await run('rm', 'goose-2')).toMatchObject({ code: 1, said: expect.stringContaining('goose-2') });
});

test('what makes no sense is refused before anything is written', async () => {
  await place.serve();
  expect(await run('add', 'Bad Id', 'x')).toMatchObject({ code: 2 });
  expect(await run('add', '--env', 'NOT_SET_ANYWHERE', 'good', 'x')).toMatchObject({
    code: 2,
    said: expect.stringContaining('NOT_SET_ANYWHERE'),
  });
  expect(await run('add', 'late', '--title', 'Late', 'x')).toMatchObject({
    code: 2,
    said: expect.stringContaining('options go before the id'),
  });
  expect(await run('add', '--title', 'Claude\u202edoc', 'turned', 'x')).toMatchObject({
    code: 2,
    said: expect.stringContaining('characters that cannot be seen'),
  });
  expect((await run('ls', '--all')).printed).not.toMatch(/late|turned/);
  expect(await run('install', 'nobody')).toMatchObject({ code: 1, said: expect.stringContaining('nobody') });
});

test('a test says how long it took, or the last lines that the program wrote', async () => {
  await place.serve();
  expect(await run('test', 'worker')).toMatchObject({ code: 0, printed: expect.stringMatching(/It answered in \d/) });
  const command = join(place.home, 'loud');
  await writeFile(command, '#!/bin/sh\necho "no licence" >&2\nexit 4\n');
  await chmod(command, 0o755);
  await run('add', 'loud', command);
  expect(await run('test', 'loud')).toMatchObject({ code: 1, printed: expect.stringContaining('no licence') });
});

test('the doctor tells the same faults, with and without a server, and names a broken settings file', async () => {
  await place.serve();
  await run('add', '--title', 'Goose', 'goose-2', 'no-such-goose');
  const served = createFakeTerminal();
  await place.baton(['doctor'], served);
  expect(served.printed).toMatch(/! Goose .*no-such-goose|! Goose .*not installed/);
  await writeFile(join(place.home, 'data', 'agents.json'), '{"agents": [{"id": "X"}]}');
  const broken = createFakeTerminal();
  expect(await place.baton(['doctor'], broken)).toBe(1);
  expect(broken.printed).toContain('agents[0].id');
});
