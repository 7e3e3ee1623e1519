import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../test/test-server.ts';
import { lockDataDir, readServerFile } from './lock.ts';

const FILE = { pid: 4711, url: 'http://127.0.0.1:22866', startedAt: '2026-11-20T12:00:00.000Z', version: '1.2.3' };

// Another process that takes the lock, says so, and lives until it is killed.
const HOLDER = `
const { lockDataDir } = await import(process.argv[1]);
const lock = lockDataDir(process.argv[2]);
lock.announce({ pid: process.pid, url: 'http://127.0.0.1:1', startedAt: 'then', version: '0' });
console.log('locked');
setInterval(() => {}, 1e6);
`;

describe('the lock of a data folder', () => {
  it('lets one server in, and names it to the next', () => {
    const folder = makeFolder();
    const lock = lockDataDir(folder);
    expect(() => lockDataDir(folder)).toThrow('another Baton server is using it');
    lock.announce(FILE);
    expect(() => lockDataDir(folder)).toThrow('the Baton server with pid 4711 at http://127.0.0.1:22866 is using it');
    lock.release();
    lock.release();
    lockDataDir(folder).release();
  });

  it('keeps the file that says where the server is to its owner, and removes it', () => {
    const folder = makeFolder();
    const lock = lockDataDir(folder);
    lock.announce(FILE);
    expect(readServerFile(folder)).toEqual(FILE);
    expect(statSync(join(folder, 'server.json')).mode & 0o777).toBe(0o600);
    lock.release();
    expect(existsSync(join(folder, 'server.json'))).toBe(false);
    expect(readServerFile(folder)).toBeUndefined();
  });

  it('ends with a process that is killed, and its old file keeps nobody out', async () => {
    const folder = makeFolder();
    const module = join(import.meta.dirname, 'lock.ts');
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, module, folder]);
    await once(holder.stdout, 'data');
    expect(() => lockDataDir(folder)).toThrow(`pid ${holder.pid}`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(readServerFile(folder)?.pid).toBe(holder.pid);
    lockDataDir(folder).release();
  });

  it('takes a file that makes no sense for none', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'server.json'), '{"pid":');
    expect(readServerFile(folder)).toBeUndefined();
  });
});
