import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compareTrees, countTreeChanges } from './compare-trees.ts';
import { toGitDir } from './private-repository.ts';
import { toRaw, toShown } from './raw-path.ts';
import { createRepositories } from './repositories.ts';
import { applyRestore, planRestore } from './restore-tree.ts';
import { type SnapshotCaps, takeSnapshot } from './take-snapshot.ts';

/** A folder to work in, `inner` below a place that is thrown away, and its snapshots. */
function begin(inner = 'work', env: Readonly<Record<string, string | undefined>> = process.env) {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'baton-checkpoints-')));
  const folder = join(place, inner);
  mkdirSync(folder, { recursive: true });
  const home = join(place, 'data', 'checkpoints');
  const repositories = createRepositories({ home, env });
  onTestFinished(async () => {
    await repositories.close();
    rmSync(place, { recursive: true, force: true });
  });
  let kept = 0;

  function write(name: string, content: string | Buffer = `${name}\n`) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }

  async function snapshot(caps?: SnapshotCaps) {
    return repositories.use(folder, async (repository, signal) => {
      const taken = await takeSnapshot(repository, { signal, ...(caps === undefined ? {} : { caps }) });
      kept += 1;
      await repositories.keep(repository, { id: `chk_${kept}`, tree: taken.tree });
      return taken;
    });
  }

  async function restore(target: string, paths?: string[]) {
    return repositories.use(folder, async (repository, signal) => {
      const plan = await planRestore(repository, { target, paths: paths?.map(toRaw) }, signal);
      await applyRestore(repository, plan, signal);
      return plan;
    });
  }

  /** Names in a snapshot. */
  async function list(tree: string): Promise<string[]> {
    const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', tree];
    const text = await repositories.use(folder, ({ git }, signal) => git({ args, signal }));
    return text
      .split('\0')
      .filter((name) => name !== '')
      .map(toShown);
  }

  const compare = (from: string, to: string) =>
    repositories.use(folder, (repository, signal) => compareTrees(repository, [from, to], signal));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const has = (name: string) => existsSync(join(folder, name));
  return { place, folder, home, repositories, write, read, has, snapshot, restore, list, compare };
}

function git(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd, env, encoding: 'utf8' });
}

describe('a snapshot', () => {
  it('has every file but those that are ignored, and none of what git keeps', async () => {
    const { write, folder, snapshot, list } = begin();
    write('a.txt');
    write('deep/er/b.txt');
    write('.gitignore', 'node_modules/\n*.log\n');
    write('node_modules/x/index.js');
    write('x.log');
    git(folder, 'init', '-q');
    write('staged');
    git(folder, 'add', 'staged');
    const before = git(folder, 'status', '--porcelain');
    expect(await list((await snapshot()).tree)).toEqual(['.gitignore', 'a.txt', 'deep/er/b.txt', 'staged']);
    expect(git(folder, 'status', '--porcelain')).toBe(before);
  });

  it('forgets what came to be ignored, and knows it no more than a file that is gone', async () => {
    const { write, folder, snapshot, list } = begin();
    write('kept');
    write('build/out.js');
    write('gone');
    expect(await list((await snapshot()).tree)).toHaveLength(3);
    write('.gitignore', 'build\n');
    rmSync(join(folder, 'gone'));
    expect(await list((await snapshot()).tree)).toEqual(['.gitignore', 'kept']);
  });

  it('has the files of repositories inside, without their own data', async () => {
    const { write, folder, snapshot, list, restore, read, has } = begin();
    write('outer');
    write('sub/inner');
    write('sub/.gitignore', 'secret\n');
    write('sub/secret');
    write('sub/deeper/x');
    git(join(folder, 'sub'), 'init', '-q');
    git(join(folder, 'sub', 'deeper'), 'init', '-q');
    const { tree } = await snapshot();
    expect(await list(tree)).toEqual(['outer', 'sub/.gitignore', 'sub/deeper/x', 'sub/inner']);
    write('sub/inner', 'changed');
    write('sub/new');
    await restore(tree);
    expect([read('sub/inner'), has('sub/new'), has('sub/secret'), has('sub/.git/HEAD')]).toEqual([
      ...['sub/inner\n', false, true, true],
    ]);
    expect((await snapshot()).tree).toBe(tree);
  });

  it('of a folder in a repository heeds what that ignores, and takes nothing from beside it', async () => {
    const { write, folder, place, snapshot, list, restore, read } = begin('repository/packages/:!o[n]e*');
    const top = join(place, 'repository');
    git(top, 'init', '-q');
    writeFileSync(join(top, '.gitignore'), 'node_modules\nlocal\n');
    writeFileSync(join(top, 'beside'), 'beside');
    write('src/a.ts');
    write('node_modules/x');
    write('local');
    const { tree } = await snapshot();
    expect(await list(tree)).toEqual(['src/a.ts']);
    write('src/a.ts', 'changed');
    write('src/b.ts');
    writeFileSync(join(top, 'beside'), 'changed');
    await restore(tree);
    expect([read('src/a.ts'), readFileSync(join(top, 'beside'), 'utf8')]).toEqual(['src/a.ts\n', 'changed']);
    expect(readdirSync(join(folder, 'src'))).toEqual(['a.ts']);
  });

  it('of a folder that its repository ignores has everything', async () => {
    const { write, place, snapshot, list } = begin('repository/:(top)scr*tch');
    git(join(place, 'repository'), 'init', '-q');
    writeFileSync(join(place, 'repository', '.gitignore'), '*scr?tch\n');
    write('a');
    expect(await list((await snapshot()).tree)).toEqual(['a']);
  });

  it('can be empty, in and outside a repository', async () => {
    const { place, snapshot, write, restore, has } = begin('repository/new');
    const { tree } = await snapshot();
    git(join(place, 'repository'), 'init', '-q');
    expect((await snapshot()).tree).toBe(tree);
    write('a');
    await restore(tree);
    expect(has('a')).toBe(false);
  });

  it('leaves out what is too large or no file, and gives up on too much', async () => {
    const { write, folder, snapshot, list } = begin();
    const caps = { fileBytes: 10, files: 3, bytes: 25 };
    write('small', 'small');
    write('large', 'much too large');
    const socket = createServer().listen(join(folder, 'socket'));
    onTestFinished(() => void socket.close());
    await once(socket, 'listening');
    const taken = await snapshot(caps);
    expect(await list(taken.tree)).toEqual(['small']);
    expect(taken.skipped).toEqual(['large']);
    for (const name of ['a', 'b', 'c', 'd']) write(name, '1');
    await expect(snapshot(caps)).rejects.toMatchObject({ kind: 'payload-too-large' });
    for (const name of ['a', 'b', 'c', 'd']) rmSync(join(folder, name));
    for (const name of ['a', 'b', 'c']) write(name, '0123456789');
    await expect(snapshot(caps)).rejects.toThrow(/Name what need not be saved in a .gitignore file/);
  });

  it('runs no program that a folder names, and keeps every byte', async () => {
    const { write, folder, place, snapshot, restore } = begin();
    const marker = join(place, 'ran');
    git(folder, 'init', '-q');
    for (const name of ['filter.evil.clean', 'filter.evil.smudge', 'diff.evil.textconv', 'core.fsmonitor']) {
      git(folder, 'config', name, `touch ${marker}; cat`);
    }
    write('.gitattributes', '* text eol=crlf ident filter=evil diff=evil working-tree-encoding=UTF-16\n*.bin binary\n');
    write('.git/info/attributes', '* filter=evil text eol=crlf\n');
    const files: Record<string, Buffer> = {
      crlf: Buffer.from('one\r\ntwo\n$Id$\r\n'),
      'x.bin': Buffer.from([0, 255, 13, 10, 10, 13]),
      empty: Buffer.alloc(0),
    };
    for (const [name, content] of Object.entries(files)) write(name, content);
    const { tree } = await snapshot();
    for (const name of Object.keys(files)) write(name, 'changed');
    await restore(tree);
    for (const [name, content] of Object.entries(files)) {
      expect([name, readFileSync(join(folder, name)).equals(content)]).toEqual([name, true]);
    }
    expect(existsSync(marker)).toBe(false);
  });

  it('mends what a git that was killed left behind', async () => {
    const { write, folder, home, snapshot, list } = begin();
    write('a');
    await snapshot();
    writeFileSync(join(toGitDir(home, folder), 'index.lock'), '');
    writeFileSync(join(toGitDir(home, folder), 'index'), 'damaged');
    write('b');
    expect(await list((await snapshot()).tree)).toEqual(['a', 'b']);
  });

  it('is not of Baton’s own data', async () => {
    const { snapshot, list, place, write } = begin('.');
    writeFileSync(join(place, 'a'), 'a');
    write('data/owner.key');
    expect(await list((await snapshot()).tree)).toEqual(['a']);
  });

  it('refuses a folder that is gone, or now leads elsewhere', async () => {
    const { folder, place, snapshot } = begin();
    rmSync(folder, { recursive: true });
    await expect(snapshot()).rejects.toMatchObject({ kind: 'not-found' });
    symlinkSync(place, folder);
    await expect(snapshot()).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

/** The environment with a git that takes down what it is asked, and the git itself. */
function overhearGit() {
  const place = mkdtempSync(join(tmpdir(), 'baton-git-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const log = join(place, 'asked');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(place, 'git'), `#!/bin/sh\necho "$2" >> '${log}'\nexec '${real}' "$@"\n`, { mode: 0o755 });
  const takeAsked = () => {
    const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').toSorted() : [];
    rmSync(log, { force: true });
    return asked;
  };
  return { env: { ...process.env, PATH: `${place}:${process.env['PATH'] ?? ''}` }, takeAsked };
}

describe('a folder that is as it was', () => {
  it('is only looked through, and its tree is asked for again when it changed or git tidied', async () => {
    const { env, takeAsked } = overhearGit();
    const { write, snapshot, repositories, folder } = begin('work', env);
    write('a');
    const first = await snapshot();
    expect(takeAsked()).toEqual(['ls-files', 'ls-files', 'update-index', 'write-tree']);
    expect(await snapshot()).toEqual(first);
    expect(takeAsked()).toEqual(['ls-files', 'ls-files']);
    write('a', 'other');
    const second = await snapshot();
    expect(second.tree).not.toBe(first.tree);
    expect(takeAsked()).toEqual(['ls-files', 'ls-files', 'update-index', 'write-tree']);
    write('a');
    expect(await snapshot()).toEqual(first);
    repositories.tidy(folder);
    await expect.poll(takeAsked).toContain('gc');
    await snapshot();
    expect(takeAsked()).toEqual(['ls-files', 'ls-files', 'write-tree']);
  });

  it('is not compared with the same one twice', async () => {
    const { env, takeAsked } = overhearGit();
    const { write, snapshot, repositories, folder } = begin('work', env);
    const [{ tree: empty }, { tree }] = [await snapshot(), (write('a'), write('b'), await snapshot())];
    takeAsked();
    const count = () =>
      repositories.use(folder, (repository, signal) => countTreeChanges(repository, [empty, tree], signal));
    expect([await count(), await count()]).toEqual([2, 2]);
    expect(takeAsked()).toEqual(['diff-tree']);
  });
});

describe('a restore', () => {
  it('brings back content, links, rights and odd names, and removes what is new with its folders', async () => {
    const { write, folder, snapshot, restore, read, has } = begin();
    const names = ['with space', 'new\nline', 'tab\tquote"', 'ünïcode', '-dash', '*star', ':colon', 'a/b/c'];
    for (const name of names) write(name);
    write('run.sh', '#!/bin/sh\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
    symlinkSync('a/b', join(folder, 'link'));
    const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe])]);
    writeFileSync(bytes, 'not UTF-8');
    const { tree } = await snapshot();
    for (const name of names) rmSync(join(folder, name));
    rmSync(join(folder, 'a'), { recursive: true });
    rmSync(join(folder, 'link'));
    writeFileSync(join(folder, 'link'), 'now a file');
    chmodSync(join(folder, 'run.sh'), 0o644);
    writeFileSync(bytes, 'changed');
    write('new/deep/file');
    await restore(tree);
    for (const name of names) expect(read(name)).toBe(`${name}\n`);
    expect(readlinkSync(join(folder, 'link'))).toBe('a/b');
    expect(statSync(join(folder, 'run.sh')).mode & 0o111).toBe(0o111);
    expect(readFileSync(bytes, 'utf8')).toBe('not UTF-8');
    expect(has('new')).toBe(false);
    expect((await snapshot()).tree).toBe(tree);
  });

  it('exchanges files and folders', async () => {
    const { write, folder, snapshot, restore, read } = begin();
    write('a/x');
    write('b');
    const { tree } = await snapshot();
    rmSync(join(folder, 'a'), { recursive: true });
    rmSync(join(folder, 'b'));
    write('a');
    write('b/y');
    const other = (await snapshot()).tree;
    await restore(tree);
    expect([read('a/x'), read('b')]).toEqual(['a/x\n', 'b\n']);
    await restore(other);
    expect([read('a'), read('b/y')]).toEqual(['a\n', 'b/y\n']);
  });

  it('saves what it replaces even where that is ignored', async () => {
    const { write, snapshot, restore, read } = begin();
    write('config', 'first');
    const { tree } = await snapshot();
    write('.gitignore', 'config\n');
    write('config', 'a secret of mine');
    const { present } = await restore(tree);
    expect(read('config')).toBe('first');
    await restore(present);
    expect(read('config')).toBe('a secret of mine');
  });

  it('leaves alone what is too large to be saved', async () => {
    const { write, folder, snapshot, restore, has } = begin();
    const { tree } = await snapshot();
    write('new');
    write('huge');
    truncateSync(join(folder, 'huge'), 21 * 1024 * 1024);
    await restore(tree);
    expect([has('new'), has('huge')]).toEqual([false, true]);
  });

  it('leaves ignored files alone, and refuses to lose them', async () => {
    const { write, folder, snapshot, restore, read, has } = begin();
    write('.gitignore', 'cache\n');
    write('thing');
    const { tree } = await snapshot();
    write('dir/new');
    write('dir/cache');
    await restore(tree);
    expect([has('dir/new'), read('dir/cache')]).toEqual([false, 'dir/cache\n']);
    rmSync(join(folder, 'thing'));
    write('thing/cache', 'mine');
    await expect(restore(tree)).rejects.toMatchObject({ kind: 'conflict' });
    expect(read('thing/cache')).toBe('mine');
  });

  it('leaves alone what was ignored then and is not now', async () => {
    const { write, folder, snapshot, restore, read, has } = begin();
    write('.gitignore', '.env\n*.log\n!kept.log\n');
    write('sub/.gitignore', '/secret\n');
    for (const name of ['.env', 'sub/secret', 'build/a.log']) write(name, 'mine');
    const { tree } = await snapshot();
    write('.gitignore', '');
    rmSync(join(folder, 'sub/.gitignore'));
    for (const name of ['new', 'kept.log', 'sub/deep/secret', ':(top)new', '[x]']) write(name);
    const { present } = await restore(tree);
    for (const name of ['.env', 'sub/secret', 'build/a.log']) expect(read(name)).toBe('mine');
    for (const name of ['new', 'kept.log', 'sub/deep', ':(top)new', '[x]']) expect(has(name)).toBe(false);
    expect((await snapshot()).tree).toBe(tree);
    await restore(present);
    expect([read('new'), read('.env'), has('sub/.gitignore')]).toEqual(['new\n', 'mine', false]);
  });

  it('never follows a link out of the folder', async () => {
    const { write, folder, place, snapshot, restore, read } = begin();
    write('dir/a');
    write('dir/b');
    const { tree } = await snapshot();
    const outside = join(place, 'outside');
    mkdirSync(outside);
    for (const name of ['a', 'b', 'c']) writeFileSync(join(outside, name), 'outside');
    rmSync(join(folder, 'dir'), { recursive: true });
    symlinkSync(outside, join(folder, 'dir'));
    const { present } = await restore(tree);
    expect([read('dir/a'), lstatSync(join(folder, 'dir')).isDirectory()]).toEqual(['dir/a\n', true]);
    for (const name of ['a', 'b', 'c']) expect(readFileSync(join(outside, name), 'utf8')).toBe('outside');
    await restore(present);
    expect(readlinkSync(join(folder, 'dir'))).toBe(outside);
    expect(readdirSync(outside)).toEqual(['a', 'b', 'c']);
  });

  it('also puts an ignored link aside instead of following it', async () => {
    const { write, folder, place, snapshot, restore, read } = begin();
    write('dir/a');
    const { tree } = await snapshot();
    mkdirSync(join(place, 'outside'));
    rmSync(join(folder, 'dir'), { recursive: true });
    symlinkSync(join(place, 'outside'), join(folder, 'dir'));
    write('.gitignore', 'dir\n');
    const { present } = await restore(tree);
    expect([read('dir/a'), readdirSync(join(place, 'outside'))]).toEqual(['dir/a\n', []]);
    await restore(present);
    expect(readlinkSync(join(folder, 'dir'))).toBe(join(place, 'outside'));
  });
});

describe('a comparison', () => {
  it('tells of added, changed, deleted, renamed and binary files, and of links that were files', async () => {
    const { write, folder, snapshot, compare } = begin();
    write('changed', 'one\ntwo\n');
    write('carriage', 'one\n');
    write('deleted');
    write('old name', 'the same\nlines\nas before\n');
    write('kind');
    write('picture', Buffer.from([0, 1, 2]));
    write('last', 'x\n');
    const before = (await snapshot()).tree;
    write('changed', 'one\nthree\nfour\n');
    write('carriage', 'one\rdiff --git a/x b/x\r\n');
    for (const name of ['deleted', 'old name', 'kind']) rmSync(join(folder, name));
    write('new name', 'the same\nlines\nas before\n');
    write('added', 'diff --git a/x b/x\n');
    symlinkSync('nowhere', join(folder, 'kind'));
    write('picture', Buffer.from([0, 1, 3]));
    write('last', 'y\n');
    const { files, truncated } = await compare(before, (await snapshot()).tree);
    expect(truncated).toBe(false);
    expect(files.map(({ patch: _, ...rest }) => rest)).toEqual([
      { path: 'added', change: 'added', added: 1, removed: 0, binary: false },
      { path: 'carriage', change: 'modified', added: 1, removed: 1, binary: false },
      { path: 'changed', change: 'modified', added: 2, removed: 1, binary: false },
      { path: 'deleted', change: 'deleted', added: 0, removed: 1, binary: false },
      { path: 'kind', change: 'modified', added: 1, removed: 1, binary: false },
      { path: 'last', change: 'modified', added: 1, removed: 1, binary: false },
      { path: 'new name', from: 'old name', change: 'renamed', added: 0, removed: 0, binary: false },
      { path: 'picture', change: 'modified', added: 0, removed: 0, binary: true },
    ]);
    expect(files[1]?.patch).toContain('-one\n+one\rdiff --git a/x b/x\r\n');
    expect(files[2]?.patch).toContain('-two\n+three\n+four\n');
    expect(files[5]?.patch).toContain('-x\n+y\n');
    expect(files[7]?.patch).toBeUndefined();
  });

  it('says when it shows less than there is', async () => {
    const { write, snapshot, compare } = begin();
    const before = (await snapshot()).tree;
    write('huge', 'a line\n'.repeat(60_000));
    write('small');
    const { files, truncated } = await compare(before, (await snapshot()).tree);
    expect(truncated).toBe(true);
    expect(files).toMatchObject([{ path: 'huge', added: 60_000 }, { path: 'small' }]);
    expect([files[0]?.patch, typeof files[1]?.patch]).toEqual([undefined, 'string']);
  });
});

describe('repositories', () => {
  it('go with their last snapshot, packed or not', async () => {
    const { write, folder, home, repositories, snapshot, restore, has } = begin();
    write('a');
    const { tree } = await snapshot();
    write('b');
    await snapshot();
    await repositories.use(folder, async ({ git: run }, signal) => {
      await run({ args: ['gc', '--quiet'], signal });
    });
    write('c');
    await snapshot();
    await restore(tree);
    expect(has('b')).toBe(false);
    await repositories.release(folder, async () => ['chk_1', 'chk_3']);
    expect(existsSync(toGitDir(home, folder))).toBe(true);
    await repositories.release(folder, async () => ['chk_2']);
    expect(readdirSync(home)).toEqual([]);
  });

  it('are for their owner alone', async () => {
    const { write, folder, home, snapshot } = begin();
    write('a');
    await snapshot();
    expect(statSync(toGitDir(home, folder)).mode & 0o777).toBe(0o700);
  });

  it('refuse to work when the server stops', async () => {
    const { repositories, snapshot } = begin();
    await repositories.close();
    await expect(snapshot()).rejects.toMatchObject({ kind: 'shutting-down' });
  });
});
