import { mkdir, mkdtemp, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ToolOutput } from '@baton/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCommandRunner } from './command-runner.ts';
import { cutMiddle } from './cut-text.ts';
import { createPathScope, type PathScope } from './path-scope.ts';
import type { ToolContext, ToolOutcome } from './tool.ts';
import { TOOLS } from './tool-list.ts';

let root: string;
let outside: string;
let scope: PathScope;

beforeEach(async () => {
  const base = await realpath(await mkdtemp(path.join(tmpdir(), 'baton-tools-')));
  root = path.join(base, 'project');
  outside = path.join(base, 'outside');
  await mkdir(root);
  await mkdir(outside);
  await writeFile(path.join(outside, 'secret'), 'secret');
  scope = createPathScope(root);
});

function toContext(change: Partial<ToolContext> = {}): ToolContext {
  return {
    scope,
    signal: new AbortController().signal,
    runCommand: createCommandRunner({
      env: { PATH: process.env['PATH'], OPENAI_API_KEY: 'server-key', SECRET_OF_SERVER: 'x' },
      sessionEnv: { MINE: 'mine', ANTHROPIC_API_KEY: 'session-key' },
      sessionId: 'ses_tools',
      serverMarker: 'tools-test',
    }),
    onOutput: () => undefined,
    ask: () => Promise.resolve({}),
    setPlan: () => undefined,
    ...change,
  };
}

async function use(name: string, input: unknown, change: Partial<ToolContext> = {}): Promise<ToolOutcome> {
  const tool = TOOLS.find((known) => known.name === name);
  if (tool === undefined) throw new Error(`No tool ${name}`);
  const prepared = await tool.prepare(input, scope);
  return prepared.run(toContext(change));
}

const textOf = ({ output }: ToolOutcome): string =>
  output.map((part: ToolOutput) => ('text' in part ? part.text : part.type)).join('\n');
const write = (name: string, text: string): Promise<void> => writeFile(path.join(root, name), text);

describe('where a path leads', () => {
  test.each([
    ['a.txt', false],
    ['./deep/er/new.txt', false],
    ['deep/../a.txt', false],
    ['../outside/secret', true],
    ['/etc/hosts', true],
    ['..', true],
    ['../project-evil', true],
  ])('%s is outside: %s', async (given, isOutside) => {
    expect((await scope.resolve(given)).isOutside).toBe(isOutside);
  });

  test('through links, also of folders, of nothing yet, and of files still to be made in them', async () => {
    await symlink(outside, path.join(root, 'folder'));
    await symlink(path.join(outside, 'secret'), path.join(root, 'file'));
    await symlink(path.join(outside, 'not-yet'), path.join(root, 'dangling'));
    await symlink('../outside/other-not-yet', path.join(root, 'relative'));
    for (const name of ['folder', 'folder/new/file', 'file', 'dangling', 'relative']) {
      expect(await scope.resolve(name)).toMatchObject({ isOutside: true });
    }
    expect((await scope.resolve('dangling')).real).toBe(path.join(outside, 'not-yet'));
  });

  test('a link inside the folder is inside', async () => {
    await write('real.txt', '');
    await symlink('real.txt', path.join(root, 'link.txt'));
    expect(await scope.resolve('link.txt')).toMatchObject({ isOutside: false, shown: 'real.txt' });
  });

  test('circles and names no file can have are refused', async () => {
    await symlink('circle', path.join(root, 'circle'));
    await expect(scope.resolve('circle')).rejects.toThrow('circle');
    await expect(scope.resolve('a\0b')).rejects.toThrow('NUL');
  });
});

describe('read', () => {
  test('gives lines, a part of them, and says what is left out', async () => {
    await write('a.txt', 'one\ntwo\nthree');
    expect(textOf(await use('read', { path: 'a.txt' }))).toBe('one\ntwo\nthree');
    expect(textOf(await use('read', { path: 'a.txt', offset: 2, limit: 1 }))).toBe('two\n[lines 2 to 2 of 3]');
    expect(await use('read', { path: 'a.txt', offset: 9 })).toMatchObject({ status: 'failed' });
  });

  test('cuts what is too long', async () => {
    await write('long.txt', 'x'.repeat(150_000));
    const { output } = await use('read', { path: 'long.txt' });
    expect(output).toMatchObject([{ type: 'text', cut: 50_000 }]);
  });

  test('shows images and refuses other bytes, folders and what is not there', async () => {
    await writeFile(path.join(root, 'a.png'), Buffer.from([1, 0, 2]));
    expect((await use('read', { path: 'a.png' })).output).toEqual([
      { type: 'image', mediaType: 'image/png', data: 'AQAC' },
    ]);
    await writeFile(path.join(root, 'a.bin'), Buffer.from([1, 0, 2]));
    expect(textOf(await use('read', { path: 'a.bin' }))).toContain('binary');
    expect(textOf(await use('read', { path: '.' }))).toContain('folder');
    expect(textOf(await use('read', { path: 'none' }))).toContain('There is no file none');
  });
});

describe('write and edit', () => {
  test('make folders, and tell what changed', async () => {
    const made = await use('write', { path: 'deep/new.txt', content: 'a\nb\n' });
    expect(made.output).toMatchObject([{ type: 'diff', path: 'deep/new.txt', added: 2, removed: 0 }]);
    const changed = await use('edit', { path: 'deep/new.txt', old: 'b', new: 'c' });
    expect(changed.output).toMatchObject([{ added: 1, removed: 1, patch: expect.stringContaining('-b\n+c') }]);
    expect(await readFile(path.join(root, 'deep/new.txt'), 'utf8')).toBe('a\nc\n');
  });

  test('an edit needs its passage exactly, and once', async () => {
    await write('a.txt', 'x x');
    expect(textOf(await use('edit', { path: 'a.txt', old: 'y', new: 'z' }))).toContain('not in the file');
    expect(textOf(await use('edit', { path: 'a.txt', old: 'x', new: 'z' }))).toContain('2 times');
    expect(await use('edit', { path: 'a.txt', old: 'x', new: '$&', all: true })).toMatchObject({ status: 'completed' });
    expect(await readFile(path.join(root, 'a.txt'), 'utf8')).toBe('$& $&');
    expect(textOf(await use('edit', { path: 'none.txt', old: 'x', new: 'z' }))).toContain('There is no file');
  });

  test('a file keeps its own line ends', async () => {
    await write('dos.txt', 'a\r\nb\r\n');
    await use('edit', { path: 'dos.txt', old: 'a\nb', new: 'a\nc' });
    expect(await readFile(path.join(root, 'dos.txt'), 'utf8')).toBe('a\r\nc\r\n');
  });

  test('a file in another encoding is not damaged by an edit', async () => {
    const latin = Buffer.from('caf\u00e9 x\n', 'latin1');
    await writeFile(path.join(root, 'latin.txt'), latin);
    const outcome = await use('edit', { path: 'latin.txt', old: 'x', new: 'y' });
    expect([outcome.status, textOf(outcome)]).toEqual(['failed', expect.stringContaining('not UTF-8')]);
    expect(await readFile(path.join(root, 'latin.txt'))).toEqual(latin);
    await write('odd.txt', '\ufeffa\u2028b \ufffd\rx\n');
    expect(await use('edit', { path: 'odd.txt', old: 'x', new: 'y' })).toMatchObject({ status: 'completed' });
    expect(await readFile(path.join(root, 'odd.txt'), 'utf8')).toBe('\ufeffa\u2028b \ufffd\ry\n');
  });

  test('nothing is written through a path that became a link after it was approved', async () => {
    const tool = TOOLS.find((known) => known.name === 'write');
    const prepared = await tool?.prepare({ path: 'later', content: 'mine' }, scope);
    await symlink(path.join(outside, 'secret'), path.join(root, 'later'));
    const outcome = await prepared?.run(toContext());
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(await readFile(path.join(outside, 'secret'), 'utf8')).toBe('secret');
  });
});

describe('list and search', () => {
  test('list folders, deeper when asked, and follow no links', async () => {
    await mkdir(path.join(root, 'b'));
    await write('b/c.txt', '');
    await write('a.txt', '');
    await symlink(outside, path.join(root, 'link'));
    expect(textOf(await use('list', {}))).toBe('a.txt\nb/\nlink');
    expect(textOf(await use('list', { depth: 2 }))).toBe('a.txt\nb/\nb/c.txt\nlink');
    expect(textOf(await use('list', { path: 'b' }))).toBe('c.txt');
  });

  test('find lines, in the folder only', async () => {
    await write('a.txt', 'one\nneedle\n');
    await write('b.md', 'Needle\n');
    await symlink(path.join(outside, 'secret'), path.join(root, 'link'));
    expect(textOf(await use('search', { pattern: 'needle' }))).toBe('a.txt:2:needle');
    expect(textOf(await use('search', { pattern: 'needle', glob: '*.md', ignoreCase: true }))).toBe('b.md:1:Needle');
    expect(textOf(await use('search', { pattern: 'secret' }))).toBe('Nothing was found.');
    expect(await use('search', { pattern: '(' })).toMatchObject({ status: 'failed' });
  });
});

describe('bash', () => {
  test('tells output of both streams and the exit code, live as well', async () => {
    const live: string[] = [];
    const outcome = await use(
      'bash',
      { command: 'echo out; echo err >&2; exit 3' },
      { onOutput: (text) => live.push(text) },
    );
    expect(outcome).toMatchObject({ status: 'failed', output: [{ type: 'terminal', exitCode: 3 }] });
    expect(textOf(outcome).split('\n').sort()).toEqual(['err', 'out']);
    expect(live.join('').split('\n').sort()).toEqual(['', 'err', 'out']);
  });

  test('runs in the folder, without input, without keys', async () => {
    const text = textOf(await use('bash', { command: 'pwd; cat; env' }));
    expect(text.split('\n')[0]).toBe(root);
    expect(text).toContain('MINE=mine');
    expect(text).toContain('BATON_SESSION=ses_tools');
    expect(text).not.toMatch(/server-key|session-key|SECRET_OF_SERVER/);
  });

  test('cuts the middle of long output', async () => {
    const { output } = await use('bash', { command: 'seq 1 20000' });
    expect(output).toMatchObject([{ cut: expect.any(Number), text: expect.stringMatching(/^1\n[\s\S]*\n20000$/) }]);
  });

  test('is ended after its time with all it started', async () => {
    const outcome = await use('bash', { command: 'sleep 300 & sleep 300', timeout: 0.2 });
    expect(outcome).toMatchObject({ status: 'failed' });
    expect(textOf(outcome)).toContain('[ended after 0.2 s]');
  });

  test('ends what it left in the background', async () => {
    expect(textOf(await use('bash', { command: 'sleep 300 & echo started' }))).toBe('started');
  });

  test('of a line that is too long, the beginning is told in its place', async () => {
    const command = "echo before; printf 'the beginning '; head -c 1200000 /dev/zero | tr '\\0' x; echo; echo after";
    const text = textOf(await use('bash', { command }));
    expect(text).toMatch(
      /^before\nthe beginning x{100,}\n\[that was the beginning of a line of 1200014 bytes\]\nafter$/,
    );
  });
});

test('cutting keeps the beginning and the end', () => {
  expect(cutMiddle('abc', 3)).toEqual({ text: 'abc', cut: 0 });
  expect(cutMiddle('abcdefghi', 6)).toEqual({ text: 'ab\n[…]\nfghi', cut: 3 });
});

test('two long texts with nothing in common are not compared for minutes', async () => {
  const lines = (word: string): string =>
    Array.from({ length: 60_000 }, (_, index) => `${word} ${index * 7}`).join('\n');
  await write('long.txt', lines('old'));
  const { output } = await use('write', { path: 'long.txt', content: lines('new') });
  expect(output).toMatchObject([{ type: 'diff', added: 60_000, removed: 60_000, cut: expect.any(Number) }]);
});
