import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceText } from './replace-text.ts';

function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'baton-replace-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('replaces a text by a longer one, by a shorter one, by none, and makes the file', async () => {
  const path = join(makeFolder(), 'a.txt');
  for (const text of ['one', 'é'.repeat(70_000), 'short 🙂', '']) {
    await replaceText(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});

test('follows no link, and leaves it where it is', async () => {
  const folder = makeFolder();
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'));
  await expect(replaceText(join(folder, 'link'), 'text')).rejects.toMatchObject({ kind: 'store-unavailable' });
  expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
});

// A pipe is opened when somebody opens its other end. Four who wait for that, and nobody in this process gets a file any more.
test.runIf(process.platform === 'linux')('touches no pipe and no device, and waits for none', async () => {
  const pipe = join(makeFolder(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  for (const path of [...Array.from({ length: 8 }, () => pipe), '/dev/null'])
    await expect(replaceText(path, 'text')).rejects.toMatchObject({ kind: 'invalid-input' });
});

// The kernel takes a part of the write and then no more, as with a disk that fills up.
test.runIf(process.platform === 'linux')('leaves a file as it was, and makes none, where there is no room', () => {
  const folder = makeFolder();
  const [old, fresh] = [join(folder, 'old.txt'), join(folder, 'new.txt')];
  writeFileSync(old, 'before '.repeat(1000));
  const program = `
    const { replaceText } = await import(${JSON.stringify(import.meta.resolve('./replace-text.ts'))});
    for (const path of process.argv.slice(1)) {
      await replaceText(path, 'after '.repeat(100_000)).then(() => console.log('written'), (error) => console.log(error.kind));
    }
  `;
  const limited = ['--fsize=65536', process.execPath, '--input-type=module', '-e', program, old, fresh];
  const { stdout } = spawnSync('prlimit', limited, { encoding: 'utf8' });
  expect(stdout).toBe('store-unavailable\nstore-unavailable\n');
  expect(readFileSync(old, 'utf8')).toBe('before '.repeat(1000));
  expect(existsSync(fresh)).toBe(false);
});
