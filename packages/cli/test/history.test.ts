import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foundSessionSchema, parseJson, searchHitSchema } from '@baton/protocol';
import { toClaudeProject, toClaudeTranscript } from '@baton/testkit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});
afterEach(() => place.close());

async function baton(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  const terminal = createFakeTerminal();
  const code = await place.baton(args, terminal);
  return { code, out: terminal.printed, said: terminal.said };
}

async function storeTalk(digit: number, prompt: string, answer: string): Promise<void> {
  const nativeId = `${String(digit).repeat(8)}-1111-4111-8111-111111111111`;
  const folder = join(place.home, '.claude', 'projects', toClaudeProject(place.cwd));
  await mkdir(folder, { recursive: true });
  const at = `2026-01-0${digit}T08:00:00.000Z`;
  const text = toClaudeTranscript({ nativeId, cwd: place.cwd, at, exchanges: [{ prompt, answer }] });
  await writeFile(join(folder, `${nativeId}.jsonl`), text);
}

function readList<T>(schema: z.ZodType<T>, text: string): T[] {
  const parsed = parseJson(text);
  return z.array(schema).parse(parsed.ok ? parsed.value : undefined);
}

test('what agents stored is listed, found by its words, and resumed only with its agent', async () => {
  await storeTalk(1, 'Where are the apples?', 'In the cellar.');
  await storeTalk(2, 'And the pears?', 'Beside the "red\u001b[31m" apples.');
  await place.serve();
  await vi.waitFor(async () => expect((await baton('history')).out.trim().split('\n')).toHaveLength(2), 60_000);
  expect((await baton('history', '--q', 'apples')).out).toMatch(
    /^fnd_\w+ .*claude .* 1 turns .*Where are the apples\?/,
  );
  expect(await baton('history', '--q', 'plums')).toMatchObject({ code: 0, said: 'No conversation matches.\n' });
  expect(readList(foundSessionSchema, (await baton('history', '--json', '-n', '1')).out)).toHaveLength(1);
  expect(await baton('history', '-n', 'many')).toMatchObject({ code: 2 });

  const found = await baton('search', 'apples');
  expect(found.out).toMatch(/^fnd_\w+ {2}And the pears\?[^]*apples[^]*\nfnd_\w+ {2}Where are the apples\?/);
  expect(found.out).not.toContain('\u001b');
  const hits = readList(searchHitSchema, (await baton('search', '--json', 'red', 'apples')).out);
  expect(hits).toEqual([expect.objectContaining({ title: 'And the pears?' })]);
  expect(await baton('search', 'plums')).toMatchObject({ code: 0, said: 'Nothing matches.\n' });
  expect(await baton('search', 'x', '--limit', 'all')).toMatchObject({ code: 2 });

  const id = hits[0]?.foundId ?? '';
  expect(await baton('history', 'resume', id.slice(-8))).toMatchObject({
    code: 1,
    said: expect.stringContaining('Cannot go on with "And the pears?"'),
  });
  expect(await baton('history', 'resume', 'fnd_nothing')).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no conversation "fnd_nothing"'),
  });
});

const FIXTURE = join(import.meta.dirname, '../../backends/src/acp/__fixtures__/fixture-agent.mjs');

test('an agent is asked for what it keeps, which is listed and gone on with then', async () => {
  await place.serve();
  const env = ['--env', `KEPT_IN=${place.cwd}`];
  await baton('agents', 'add', ...env, 'keeping', process.execPath, FIXTURE, 'keeps');
  await baton('agents', 'add', ...env, 'odd', process.execPath, FIXTURE, 'list-odd');
  await baton('agents', 'add', ...env, 'silent', process.execPath, FIXTURE, 'good');
  expect(await baton('history', 'look', 'keeping')).toMatchObject({
    code: 0,
    out: '✓ It keeps 3 conversations; 3 are listed, 3 of them new.\n',
    said: 'Show them with: baton history --backend keeping\n',
  });
  const again = parseJson((await baton('history', 'look', 'keeping', '--json')).out);
  expect(again).toEqual({ ok: true, value: { told: 3, shown: 3, added: 0, gone: 0, leftOut: 0 } });
  const listed = (await baton('history')).out.split('\n');
  expect(listed[0]).toMatch(/^fnd_\w+ .* keeping +The third /);
  expect(listed[2]).toMatch(/^fnd_\w+ {2}no date .*project/);
  expect((await baton('history', 'look', 'odd')).out).toContain('5 without an id or a folder were left out.');
  expect((await baton('history', '--backend', 'odd')).out).toMatch(/\[31mRed right to left/);
  expect(await baton('history', 'look', 'silent')).toMatchObject({
    code: 1,
    said: expect.stringContaining('silent does not tell which conversations it keeps'),
  });
  expect(await baton('history', 'look', 'nobody')).toMatchObject({ code: 1, said: expect.stringContaining('nobody') });
  const id = listed[0]?.split(' ')[0] ?? '';
  const session = await baton('history', 'resume', id);
  expect(session).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^ses_/),
    said: expect.stringContaining('The third'),
  });
  expect((await baton('history', 'resume', id)).out).toBe(session.out);
  expect((await baton('history', 'resume', id, '--fork')).said).toContain('The third (fork)');
  await vi.waitFor(async () => expect((await baton('history', '--backend', 'keeping')).out).not.toContain('The third'));
});
