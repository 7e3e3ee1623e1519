import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFingerprint } from './fingerprint.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
let root = '';
let cwd = '';
let home = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'claude-fingerprint-')));
  cwd = join(root, 'project', 'inner');
  home = join(root, 'home');
  await Promise.all([mkdir(cwd, { recursive: true }), mkdir(join(home, '.claude'), { recursive: true })]);
});
afterEach(() => rm(root, { recursive: true }));

const look = (now = NOW) => readFingerprint({ cwd, env: { PATH: process.env['PATH'] ?? '', HOME: home }, now });

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: home },
  });

test('stays while nothing changes, and while the CLI notes things for itself', async () => {
  const before = await look();
  await writeFile(join(home, '.claude.json'), JSON.stringify({ numStartups: 1 }));
  await mkdir(join(home, '.claude', 'projects'));
  await writeFile(join(home, '.claude', 'projects', 'a.jsonl'), '{}');
  const after = await look();
  await writeFile(join(home, '.claude.json'), JSON.stringify({ numStartups: 2, tips: ['x'] }));
  expect(await look()).toBe(after);
  await rm(join(home, '.claude.json'));
  expect(await look()).toBe(before);
});

test('changes with all that is read once', async () => {
  const changes = [
    () => writeFile(join(root, 'project', 'CLAUDE.md'), 'Be brief. See @docs/rules.md'),
    async () => {
      await mkdir(join(root, 'project', 'docs'));
      await writeFile(join(root, 'project', 'docs', 'rules.md'), 'Ask first. @~/more.md');
    },
    () => writeFile(join(home, 'more.md'), 'Or do not'),
    async () => {
      await mkdir(join(root, 'project', '.claude'));
      await writeFile(join(root, 'project', '.claude', 'settings.local.json'), '{}');
    },
    () => writeFile(join(cwd, '.mcp.json'), '{}'),
    () => writeFile(join(home, '.claude', 'settings.json'), '{}'),
    () => writeFile(join(home, '.claude', '.credentials.json'), '{}'),
    async () => {
      await mkdir(join(cwd, '.claude', 'commands', 'deep'), { recursive: true });
      await writeFile(join(cwd, '.claude', 'commands', 'deep', 'go.md'), 'Go');
    },
    () => writeFile(join(home, '.claude.json'), JSON.stringify({ mcpServers: { a: { command: 'x' } } })),
    async () => void git('init', '-q', '-b', 'main'),
    () => writeFile(join(cwd, 'new.txt'), 'new'),
    async () => void git('commit', '-q', '--allow-empty', '-m', 'One'),
    async () => void git('checkout', '-q', '-b', 'other'),
  ];
  const seen = new Set([await look(), await look(NOW + 86_400_000)]);
  for (const change of changes) {
    await change();
    seen.add(await look());
  }
  expect(seen.size).toBe(changes.length + 2);
});
