import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createEndpoint, removeDeadSockets } from './endpoint.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'endpoint-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  return rm(folder, { recursive: true, force: true });
});

async function listenAndDie(path: string): Promise<void> {
  const listen = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

test('a socket is in the folder, and somewhere shorter when its path would be too long for one', async () => {
  const endpoint = await createEndpoint(folder, 'unix');
  expect(endpoint.remote).toMatch(new RegExp(`^unix://${folder}/[0-9a-f]+\\.sock$`));
  expect(endpoint.args).toEqual(['--listen', endpoint.remote]);
  const deep = join(folder, 'a'.repeat(100));
  await mkdir(deep);
  const far = await createEndpoint(deep, 'unix');
  const path = (far.remote ?? '').replace('unix://', '');
  expect(Buffer.byteLength(path)).toBeLessThan(104);
  expect((await stat(join(path, '..'))).mode & 0o077).toBe(0);
  expect(await readlink(join(deep, basename(path)))).toBe(path);
  await far.remove();
  expect(await readdir(deep)).toEqual([]);
  await expect(stat(join(path, '..'))).rejects.toThrow('ENOENT');
});

test('a port is known when the process says it, and its secret is in a file that only its owner reads', async () => {
  const endpoint = await createEndpoint(folder, 'loopback');
  const [name = ''] = await readdir(folder);
  expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  expect(endpoint.address()).toBeUndefined();
  endpoint.heed('codex app-server (WebSockets)');
  endpoint.heed('  listening on: ws://127.0.0.1:40123');
  const headers = { authorization: expect.stringMatching(/^Bearer [\w-]{43}$/) };
  expect(endpoint.address()).toEqual({ url: 'ws://127.0.0.1:40123', headers });
  await endpoint.remove();
  expect(await readdir(folder)).toEqual([]);
});

test('only sockets behind which nobody is are removed', async () => {
  const live = createServer().listen(join(folder, 'live.sock'));
  await once(live, 'listening');
  await listenAndDie(join(folder, 'dead.sock'));
  expect(await readdir(folder)).toEqual(['dead.sock', 'live.sock']);
  await removeDeadSockets(folder);
  expect(await readdir(folder)).toEqual(['live.sock']);
  live.close();
});

test('a socket somewhere shorter is removed with its folder, also when that has been tidied away', async () => {
  const deep = join(folder, 'a'.repeat(100));
  await mkdir(deep);
  const [killed, tidied] = [await createEndpoint(deep, 'unix'), await createEndpoint(deep, 'unix')];
  const toPath = ({ remote = '' }: { remote: string | undefined }) => remote.replace('unix://', '');
  await listenAndDie(toPath(killed));
  await rm(dirname(toPath(tidied)), { recursive: true });
  await removeDeadSockets(deep);
  expect(await readdir(deep)).toEqual([]);
  await expect(stat(dirname(toPath(killed)))).rejects.toThrow('ENOENT');
});

test('where no path is short enough it says so', async () => {
  const deep = join(folder, 'a'.repeat(100));
  await mkdir(deep);
  vi.stubEnv('TMPDIR', deep);
  await expect(createEndpoint(deep, 'unix')).rejects.toThrow('Set TMPDIR to a shorter folder');
  expect(await readdir(deep)).toEqual([]);
});

test('a folder that is not there has none', async () => {
  await expect(removeDeadSockets(join(folder, 'none'))).resolves.toBeUndefined();
});

test.each(['unix', 'loopback'] as const)('what cannot be written for %s is told as that', async (transport) => {
  // So short that a socket fits into it, wherever the tests keep their files.
  const elsewhere = await mkdtemp('/tmp/bt-');
  onTestFinished(() => rm(elsewhere, { recursive: true, force: true }));
  vi.stubEnv('TMPDIR', elsewhere);
  const gone = join(folder, transport === 'unix' ? 'a'.repeat(100) : 'gone');
  const problem = { kind: 'store-unavailable', message: expect.stringContaining(`Codex listen in "${gone}"`) };
  await expect(createEndpoint(gone, transport)).rejects.toMatchObject(problem);
  // Nothing of the attempt is left.
  expect(await readdir(folder)).toEqual([]);
  expect(await readdir(elsewhere)).toEqual([]);
});
