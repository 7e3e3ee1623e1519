import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '@baton/protocol';
import { createManualClock } from '@baton/testkit';
import { describe, expect, it } from 'vitest';
import { makeFolder, startTestServer, type TestServer } from '../../test/test-server.ts';
import { createFileFinder } from './find-files.ts';
import { readGit } from './git.ts';
import { createRoots, isInside } from './roots.ts';
import { scorePath } from './score-path.ts';

function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'init.defaultBranch=main'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
}

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function makeSession(server: TestServer, cwd: string): Promise<string> {
  const answer = await server.ask('/api/v1/sessions', { method: 'POST', body: { cwd, backend: 'scripted' } });
  return String(answer.json['id']);
}

describe('roots', () => {
  it('hold what lies below them by whole names', () => {
    expect(isInside('/home/ann', '/home/ann')).toBe(true);
    expect(isInside('/home/ann', '/home/ann/..x')).toBe(true);
    expect(isInside('/home/ann', '/home/ann2')).toBe(false);
    expect(isInside('/home/ann', '/home')).toBe(false);
    expect(isInside('/', '/anything')).toBe(true);
  });

  it('may be links themselves, and may come to exist later', async () => {
    const folder = makeFolder('real/inner');
    const roots = createRoots([join(folder, 'link'), join(folder, 'later')], folder);
    await expect(roots.resolveFolder(join(folder, 'real'))).rejects.toThrow('not inside an allowed folder');
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(await roots.resolveFolder(join(folder, 'link', 'inner'))).toBe(join(folder, 'real', 'inner'));
    mkdirSync(join(folder, 'later'));
    expect(await roots.resolveFolder('~/later')).toBe(join(folder, 'later'));
  });

  it('do not tell what exists outside of them', async () => {
    const folder = makeFolder('in', 'out');
    const roots = createRoots([join(folder, 'in')], folder);
    const outcomes = await Promise.allSettled([
      roots.resolveFolder(join(folder, 'out')),
      roots.resolveFolder(join(folder, 'none')),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { kind: 'forbidden' } });
  });
});

describe('GET /folders', () => {
  it('lists the roots, then what is inside, without what is hidden or leads out', async () => {
    const server = await startTestServer();
    const outside = makeFolder('private');
    write(server.folder, { 'b/x': '', 'a/.git/HEAD': '', '.hidden/x': '', file: '' });
    symlinkSync(join(server.folder, 'a'), join(server.folder, 'link'));
    symlinkSync(outside, join(server.folder, 'out'));
    const list = async (query: string) =>
      ROUTES.listFolders.response.parse((await server.ask(`/api/v1/folders${query}`)).json);
    const roots = await list('');
    expect(roots.items).toEqual([{ name: expect.any(String), path: server.folder, git: false }]);
    const path = encodeURIComponent(server.folder);
    const inner = await list(`?path=${path}`);
    expect(inner.parent).toBeUndefined();
    expect(inner.items).toEqual([
      { name: 'a', path: join(server.folder, 'a'), git: true },
      { name: 'b', path: join(server.folder, 'b'), git: false },
      { name: 'link', path: join(server.folder, 'a'), git: true },
    ]);
    expect((await list(`?path=${path}&hidden=true`)).items.map((item) => item.name)).toContain('.hidden');
    expect((await list(`?path=${path}%2Fa`)).parent).toBe(server.folder);
    expect((await server.ask(`/api/v1/folders?path=${encodeURIComponent(outside)}`)).status).toBe(403);
    expect((await server.ask(`/api/v1/folders?path=${path}%2Fout`)).status).toBe(403);
    expect((await server.ask(`/api/v1/folders?path=${path}%2Ffile`)).status).toBe(400);
    expect((await server.ask('/api/v1/folders?path=%00')).status).toBe(400);
  });
});

describe('GET /sessions/:id/files', () => {
  it('finds what git does not ignore, best first', async () => {
    const server = await startTestServer();
    const folder = join(server.folder, 'repo');
    write(folder, {
      '.gitignore': 'dist\n*.log\n',
      'src/session/decide.ts': '',
      'src/session/decide.test.ts': '',
      'docs/decisions.md': '',
      'dist/decide.js': '',
      'debug.log': '',
      'with space and ünïcode.md': '',
    });
    git(folder, 'init');
    git(folder, 'add', 'docs');
    const id = await makeSession(server, folder);
    const find = async (query: string) => {
      const answer = await server.ask(`/api/v1/sessions/${id}/files${query}`);
      return ROUTES.findFiles.response.parse(answer.json).items.map((item) => item.path);
    };
    expect(await find('?q=decide')).toEqual(['src/session/decide.ts', 'src/session/decide.test.ts']);
    expect(await find('?q=deci&limit=1')).toEqual(['docs/decisions.md']);
    expect(await find('?q=ssdt')).toContain('src/session/decide.test.ts');
    expect(await find('?q=%C3%BCn')).toEqual(['with space and ünïcode.md']);
    expect(await find('?q=zzz')).toEqual([]);
    expect(await find('')).toContain('.gitignore');
    expect(await find('?q=--help')).toEqual([]);
    expect((await server.ask('/api/v1/sessions/ses_none/files')).status).toBe(404);
    expect((await server.ask(`/api/v1/sessions/${id}/files?limit=1000`)).status).toBe(400);
  });

  it('walks a folder that is no repository, without following links or entering what others made', async () => {
    const folder = makeFolder();
    const outside = makeFolder();
    write(outside, { 'secret.txt': '' });
    write(folder, { 'a/b/deep.txt': '', 'top.txt': '', 'node_modules/x/index.js': '' });
    symlinkSync(outside, join(folder, 'out'));
    symlinkSync(folder, join(folder, 'circle'));
    const found = await createFileFinder(createManualClock()).find(folder, { q: '', limit: 100 });
    expect(found).toEqual(['top.txt', 'a/b/deep.txt']);
  });

  it('keeps a listing for some seconds of typing', async () => {
    const clock = createManualClock();
    const folder = makeFolder();
    const finder = createFileFinder(clock);
    write(folder, { 'one.txt': '' });
    expect(await finder.find(folder, { q: '', limit: 10 })).toEqual(['one.txt']);
    write(folder, { 'two.txt': '' });
    expect(await finder.find(folder, { q: '', limit: 10 })).toEqual(['one.txt']);
    clock.advance(5000);
    expect(await finder.find(folder, { q: '', limit: 10 })).toEqual(['one.txt', 'two.txt']);
  });

  it('prefers the name of a file, then whole words, then short paths', () => {
    const order = ['app.ts', 'src/app.ts', 'app.test.ts', 'my-app.ts', 'app/index.ts', 'a/p/p.md'];
    const scores = order.map((path) => scorePath(path, 'app'));
    expect(scores.every((score) => score !== undefined)).toBe(true);
    expect([...order].sort((a, b) => (scorePath(b, 'app') ?? 0) - (scorePath(a, 'app') ?? 0))).toEqual(order);
    expect(scorePath('other.md', 'app')).toBeUndefined();
  });
});

describe('GET /sessions/:id/git', () => {
  it('tells the branch and whether something changed', async () => {
    const server = await startTestServer();
    const folder = join(server.folder, 'repo');
    write(folder, { 'a.txt': 'one' });
    const id = await makeSession(server, server.folder);
    expect((await server.ask(`/api/v1/sessions/${id}/git`)).json).toEqual({});
    git(folder, 'init');
    expect(await readGit(folder)).toEqual({ branch: 'main', dirty: true });
    git(folder, 'add', '.');
    git(folder, 'commit', '-m', 'one');
    expect(await readGit(folder)).toEqual({ branch: 'main', dirty: false });
    write(folder, { 'a.txt': 'two' });
    expect(await readGit(folder)).toEqual({ branch: 'main', dirty: true });
    git(folder, 'checkout', '--', '.');
    git(folder, 'checkout', '--detach');
    expect((await readGit(folder)).branch).toMatch(/^[0-9a-f]{10}$/);
  });

  it('runs no program that the repository names', async () => {
    const folder = makeFolder();
    const mark = join(folder, 'was-run');
    const program = join(folder, '.git', 'evil.sh');
    write(folder, { 'a.txt': 'one', '.gitattributes': '*.txt filter=evil diff=evil\n' });
    git(folder, 'init');
    git(folder, 'add', '.');
    git(folder, 'commit', '-m', 'one');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\ncat\n`);
    chmodSync(program, 0o755);
    for (const name of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.process',
      'diff.evil.command',
      'core.pager',
    ]) {
      git(folder, 'config', name, program);
    }
    git(folder, 'config', 'filter.evil.required', 'true');
    for (const hook of ['post-index-change', 'fsmonitor-watchman']) {
      writeFileSync(join(folder, '.git', 'hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    }
    write(folder, { 'a.txt': 'two', 'b.txt': 'new' });
    expect(await readGit(folder)).toEqual({ branch: 'main', dirty: true });
    await createFileFinder(createManualClock()).find(folder, { q: '', limit: 10 });
    expect(existsSync(mark)).toBe(false);
  });
});
