import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { request } from '../test/raw-request.ts';
import { makeFolder } from '../test/test-server.ts';
import { type RunningServer, startServer } from './compose.ts';
import { readServerFile } from './data/lock.ts';
import { readSettings, type Settings } from './settings.ts';

function settingsFor(folder: string, env: Record<string, string> = {}): Settings {
  return readSettings({
    ...{ PATH: '/usr/bin:/bin', HOME: folder, BATON_DATA: join(folder, 'data'), BATON_PORT: '0' },
    ...{ BATON_LOG_LEVEL: 'debug' },
    ...env,
  });
}

async function start(settings: Settings, said: string[] = []): Promise<RunningServer> {
  const server = await startServer(settings, {
    stderr: { write: (text: string) => said.push(text) },
    ownsProcess: false,
  });
  onTestFinished(() => server.stop());
  return server;
}

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

describe('a whole server', () => {
  it('makes its data folder and key at the first start, for its owner alone, and keeps the key', async () => {
    const folder = makeFolder();
    const first = await start(settingsFor(folder));
    expect(first.ownerKey).toMatch(/^baton_[\w-]{43}$/);
    expect(first.link).toBe(`${first.url}/#key=${first.ownerKey}`);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'data', 'owner.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'data', 'owner.key'), 'utf8')).toBe(`${first.ownerKey}\n`);
    expect(readServerFile(join(folder, 'data'))).toMatchObject({ pid: process.pid, url: first.url });
    await first.stop();
    const second = await start(settingsFor(folder));
    expect(second.ownerKey).toBe(first.ownerKey);
  });

  it('takes the key from outside, and then writes none', async () => {
    const folder = makeFolder();
    const server = await start(settingsFor(folder, { BATON_OWNER_KEY: 'from-outside-0123' }));
    expect(existsSync(join(folder, 'data', 'owner.key'))).toBe(false);
    expect((await request(server.port, '/api/v1/me', bearer('from-outside-0123'))).status).toBe(200);
  });

  it('refuses a key file that somebody cut short, and starts with a new one when it is gone', async () => {
    const folder = makeFolder('data');
    const path = join(folder, 'data', 'owner.key');
    writeFileSync(path, 'short\n');
    await expect(start(settingsFor(folder))).rejects.toThrow(
      /owner.key" is not valid: it has fewer than 16 characters/,
    );
    rmSync(path);
    expect((await start(settingsFor(folder))).ownerKey).toMatch(/^baton_.{40}/);
  });

  it('remembers signed-in browsers over a restart', async () => {
    const folder = makeFolder();
    const first = await start(settingsFor(folder));
    const body = { key: first.ownerKey };
    const answer = await request(first.port, '/api/v1/sign-in', { method: 'POST', body });
    const token = /=(brw_[\w-]+)/.exec(String(answer.headers['set-cookie']))?.[1];
    await first.stop();
    const second = await start(settingsFor(folder));
    const headers = { cookie: `baton_session_${second.port}=${token}` };
    expect((await request(second.port, '/api/v1/me', { headers })).status).toBe(200);
    const files = readdirSync(join(folder, 'data')).filter((name) => name.endsWith('.db'));
    for (const name of files) expect(readFileSync(join(folder, 'data', name)).includes(String(token))).toBe(false);
  });

  it('refuses a second server on the same data, naming the first', async () => {
    const folder = makeFolder();
    const first = await start(settingsFor(folder));
    await expect(start(settingsFor(folder))).rejects.toThrow(`pid ${process.pid} at ${first.url}`);
    expect((await request(first.port, '/api/v1/health')).status).toBe(200);
  });

  it('leaves nothing open when it cannot start', async () => {
    const folder = makeFolder();
    const other = createHttpServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const failing = start(settingsFor(folder, { BATON_PORT: String(port) }));
    await expect(failing).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: another program uses this port`);
    await start(settingsFor(folder));
  });

  it('says what to do about a data folder that it cannot use', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'data'), 'a file');
    await expect(start(settingsFor(folder))).rejects.toThrow(/Cannot use the data folder .* Set BATON_DATA/);
  });

  it('stops once, in order, and removes its file', async () => {
    const folder = makeFolder();
    const server = await start(settingsFor(folder));
    await Promise.all([server.stop(), server.stop()]);
    expect(readServerFile(join(folder, 'data'))).toBeUndefined();
    await expect(request(server.port, '/api/v1/health')).rejects.toThrow('ECONNREFUSED');
  });

  it('logs JSON lines without keys, cookies or prompts', async () => {
    const folder = makeFolder();
    const said: string[] = [];
    const server = await start(settingsFor(folder), said);
    const { ownerKey: key } = server;
    await request(server.port, `/api/v1/me?key=${key}`, bearer(key));
    await request(server.port, '/api/v1/sign-in', { method: 'POST', body: { key } });
    await request(server.port, `/api/v1/${key}`, bearer(key));
    const body = { cwd: folder, backend: 'nope', prompt: 'my secret plan', env: { TOKEN: 'hunter2-hunter2' } };
    await request(server.port, '/api/v1/sessions', { method: 'POST', body, ...bearer(key) });
    await server.stop();
    const text = readFileSync(join(folder, 'data', 'logs', 'baton.log'), 'utf8');
    const lines = text.trim().split('\n');
    expect(lines.every((line) => parseJson(line).ok)).toBe(true);
    expect(text).toContain('"requestId":"req_');
    for (const secret of [key, 'secret plan', 'hunter2', 'brw_']) {
      expect([secret, text.includes(secret), said.join('').includes(secret)]).toEqual([secret, false, false]);
    }
  });
});
