import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'baton-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// What `npm start -- --port 0` runs.
test('npm start serves what is built, and a signal to all of its processes stops it cleanly', async () => {
  const launcher = spawn(process.execPath, [join(import.meta.dirname, '../scripts/start.mjs'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as a shell makes one.
    detached: true,
    env: { PATH: process.env['PATH'], HOME: folder, BATON_DATA: join(folder, 'data') },
  });
  let errors = '';
  launcher.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exited = once(launcher, 'exit');
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: launcher.stdout }).on('line', (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+(?=\/#key=)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);

  process.kill(-(launcher.pid ?? 0), 'SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(errors).not.toContain('at once');
  await expect(fetch(`${url}/api/v1/health`)).rejects.toThrow('fetch failed');
});

test('npm start ends its server when the shell that npm runs it in is ended alone', async () => {
  const script = join(import.meta.dirname, '../scripts/start.mjs');
  const data = join(folder, 'alone');
  // The trailing command keeps the shell from becoming the launcher itself.
  const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${script}" --port 0; true`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'], HOME: folder, BATON_DATA: data },
  });
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: shell.stdout }).on('line', (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+(?=\/#key=)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  shell.kill('SIGTERM');
  const isServed = () =>
    fetch(`${url}/api/v1/health`).then(
      () => true,
      () => false,
    );
  await expect.poll(isServed).toBe(false);
});
