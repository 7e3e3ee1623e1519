import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentInstallSchema, type AgentInstall, type BackendView } from '@baton/protocol';
import { createScriptedBackend } from '@baton/testkit';
import { expect, test, vi } from 'vitest';
import type { AgentSource } from '../../src/agents/agent-registry.ts';
import type { KnownAgent } from '../../src/agents/known-agent.ts';
import { makeFolder, startTestServer, type TestServer } from '../../test/test-server.ts';

const GOOSE = { id: 'goose-2', title: 'Goose', command: 'goose', args: ['acp'], env: { GOOSE_KEY: 'very-secret' } };
const AGENTS = '/api/v1/agents';

const post = (body: unknown) => ({ method: 'POST', body });
const put = (body: unknown) => ({ method: 'PUT', body });

async function listIds(server: TestServer): Promise<string[]> {
  const { json } = await server.ask('/api/v1/backends');
  return (json['items'] as BackendView[]).map(({ id }) => id);
}

test('an agent is added, told without its values, changed, used at once and removed', async () => {
  const server = await startTestServer();
  const made = await server.ask(AGENTS, post(GOOSE));
  expect(made.status).toBe(201);
  expect(made.headers['location']).toBe(`${AGENTS}/goose-2`);
  expect(made.json).toEqual({ ...GOOSE, env: ['GOOSE_KEY'] });
  expect(await listIds(server)).toEqual(['scripted', 'goose-2']);

  const listed = await server.ask(AGENTS);
  expect(listed.text).not.toContain('very-secret');
  expect(listed.json).toEqual({ items: [{ ...GOOSE, env: ['GOOSE_KEY'] }], file: join(server.folder, 'agents.json') });

  const { id: _, ...rest } = GOOSE;
  const change = { ...rest, title: 'Geese', icon: 'Gs', env: { GOOSE_KEY: null, MORE: 'x' } };
  expect((await server.ask(`${AGENTS}/goose-2`, put(change))).json).toMatchObject({ title: 'Geese', icon: 'Gs' });
  const file = readFileSync(join(server.folder, 'agents.json'), 'utf8');
  expect(file).toContain('very-secret');
  expect(file).toContain('"MORE": "x"');
  const session = await server.ask('/api/v1/sessions', post({ cwd: server.folder, backend: 'goose-2' }));
  expect(session.status).toBe(201);

  expect((await server.ask(`${AGENTS}/goose-2`, { method: 'DELETE' })).status).toBe(204);
  expect(await listIds(server)).toEqual(['scripted']);
  expect((await server.ask(`${AGENTS}/goose-2`, { method: 'DELETE' })).status).toBe(404);
});

test.each([
  [{ ...GOOSE, id: '../../etc' }, 'id'],
  [{ ...GOOSE, command: '' }, 'command'],
  [{ ...GOOSE, env: { 'A B': 'x' } }, 'env'],
  [{ ...GOOSE, icon: '<svg onload=alert(1)>' }, 'icon'],
  [{ ...GOOSE, icon: 'data:text/html;base64,PHNjcmlwdD4=' }, 'icon'],
  [{ ...GOOSE, shell: true }, 'shell'],
])('bad input changes nothing and names its place: %o', async (body, place) => {
  const server = await startTestServer();
  const answer = await server.ask(AGENTS, post(body));
  expect(answer.status).toBe(400);
  expect(answer.text).toContain(place);
  expect(answer.text).not.toContain('very-secret');
  expect(existsSync(join(server.folder, 'agents.json'))).toBe(false);
});

test('an id is taken once, and a broken file is never written over', async () => {
  const server = await startTestServer();
  expect((await server.ask(AGENTS, post(GOOSE))).status).toBe(201);
  expect((await server.ask(AGENTS, post(GOOSE))).status).toBe(409);
  const path = join(server.folder, 'agents.json');
  writeFileSync(path, '{ half');
  const answer = await server.ask(AGENTS, post({ ...GOOSE, id: 'other' }));
  expect(answer.status).toBe(409);
  expect(answer.json['detail']).toContain('not JSON');
  expect(readFileSync(path, 'utf8')).toBe('{ half');
  expect((await server.ask(AGENTS)).json['problem']).toContain(path);
});

test('nothing of it is for those without a key', async () => {
  const server = await startTestServer();
  for (const path of ['agents', 'folders/defaults', 'backends/claude/install', 'terminal?backend=claude'])
    expect((await server.askAsNobody(`/api/v1/${path}`)).status).toBeGreaterThanOrEqual(401);
  expect((await server.askAsNobody(AGENTS, post(GOOSE))).status).toBe(401);
});

test('defaults of folders are replaced whole', async () => {
  const server = await startTestServer();
  const items = [{ folder: '/a/b', backend: 'scripted', mode: 'plan' }];
  expect((await server.ask('/api/v1/folders/defaults')).json).toEqual({ items: [] });
  expect((await server.ask('/api/v1/folders/defaults', put({ items }))).json).toEqual({ items });
  expect((await server.ask('/api/v1/folders/defaults')).json).toEqual({ items });
  const bad = await server.ask('/api/v1/folders/defaults', put({ items: [...items, ...items] }));
  expect(bad.status).toBe(400);
});

/** A package on this disk, whose program says its version; `script` runs when npm is allowed to. */
function makePackage(folder: string, script = ''): string {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'tiny-agent',
    version: '1.2.3',
    bin: { 'tiny-agent': 'tiny.sh' },
    scripts: script === '' ? {} : { postinstall: script },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tiny.sh'), '#!/bin/sh\necho 1.2.3\n');
  chmodSync(join(folder, 'tiny.sh'), 0o755);
  return folder;
}

async function startWithTiny(given: { tested: string; needsScript?: boolean }): Promise<TestServer> {
  const known: KnownAgent = {
    ...{ id: 'tiny', title: 'Tiny', program: 'tiny-agent', keys: [], passes: [], proxy: 'unknown' },
    npm: { package: 'tiny-agent', tested: given.tested, needsScript: given.needsScript ?? false },
  };
  const source: AgentSource = {
    ...{ id: 'tiny', kind: 'preset', command: 'tiny-agent', isFixed: false },
    create: ({ env }) => toTiny(env['PATH'] ?? ''),
  };
  // As from the registry: copied, not linked.
  const env = { PATH: process.env['PATH'], HOME: makeFolder(), npm_config_install_links: 'true' };
  return startTestServer({ settings: { env }, agents: { sources: [source], known: [known] } });
}

// Looks where an agent would look: in the folders of its PATH.
function toTiny(path: string) {
  const scripted = createScriptedBackend().backend;
  const view: BackendView = {
    ...{ id: 'tiny', title: 'Tiny', installed: false, authenticated: 'unknown' },
    ...{ capabilities: [], models: [], modes: [], problem: 'Tiny is not installed.' },
  };
  return {
    ...scripted,
    id: 'tiny',
    async probe(): Promise<BackendView> {
      const found = path.split(':').map((each) => join(each, 'tiny-agent'));
      const there = found.find((each) => existsSync(each));
      if (there === undefined) return view;
      const { problem: _, ...rest } = view;
      return { ...rest, installed: true, version: '1.2.3', path: there };
    },
  };
}

async function finish(server: TestServer): Promise<AgentInstall> {
  const ended = await server.ask('/api/v1/backends/tiny/install', { headers: { accept: 'text/event-stream' } });
  expect(ended.headers['content-type']).toContain('text/event-stream');
  const last = ended.text.trim().split('\n\n').at(-1) ?? '';
  expect(last).toContain('event: install');
  return agentInstallSchema.parse((await server.ask('/api/v1/backends/tiny/install')).json);
}

test('npm installs into the data folder, each line is told, and the program is found there', async () => {
  const folder = makePackage(join(makeFolder(), 'tiny'), 'touch script-ran');
  const server = await startWithTiny({ tested: `file:${folder}` });
  const before = (await server.ask('/api/v1/backends')).json['items'] as BackendView[];
  expect(before[1]).toMatchObject({ installed: false, faults: [{ kind: 'not-found' }], install: { ours: false } });

  expect((await server.ask('/api/v1/installs')).json).toEqual({ items: [] });
  const started = await server.ask('/api/v1/backends/tiny/install', post({}));
  expect((await server.ask('/api/v1/installs')).json['items']).toMatchObject([{ backend: 'tiny', state: 'running' }]);
  expect(started.status).toBe(202);
  expect(started.json).toMatchObject({ state: 'running', package: `tiny-agent@file:${folder}` });
  expect((await server.ask('/api/v1/backends/tiny/install', post({}))).status).toBe(409);

  const done = await finish(server);
  expect(done).toMatchObject({ state: 'succeeded' });
  expect(done.lines[0]).toContain('npm install tiny-agent@file:');
  const home = join(server.folder, 'agents', 'tiny');
  const after = (await server.ask('/api/v1/backends')).json['items'] as BackendView[];
  expect(after[1]).toMatchObject({ installed: true, path: join(home, 'bin', 'tiny-agent'), install: { ours: true } });
  expect(after[1]?.faults).toEqual([]);
  expect(existsSync(join(home, 'next'))).toBe(false);
  expect(statSync(home).mode & 0o077).toBe(0);
  // No script of a package runs that is not on the list.
  expect(existsSync(join(folder, 'script-ran'))).toBe(false);

  // Whoever removes it need not wait until the server looks again by itself.
  rmSync(home, { recursive: true });
  const later = (await server.ask('/api/v1/backends')).json['items'] as BackendView[];
  expect(later[1]).toMatchObject({ installed: false, faults: [{ kind: 'not-found' }] });
});

test('a failed update says what npm said and leaves what worked', async () => {
  const folder = makePackage(join(makeFolder(), 'tiny'));
  const server = await startWithTiny({ tested: `file:${folder}` });
  await server.ask('/api/v1/backends/tiny/install', post({}));
  expect((await finish(server)).state).toBe('succeeded');
  const path = join(server.folder, 'agents', 'tiny', 'bin', 'tiny-agent');
  writeFileSync(join(folder, 'package.json'), '{ broken');
  await server.ask('/api/v1/backends/tiny/install', post({}));
  const failed = await finish(server);
  expect(failed.state).toBe('failed');
  expect(failed.failure).toMatch(/npm install ended with code 1: .+/);
  expect(existsSync(path)).toBe(true);

  // npm was content, and there is no program: what was there is put back.
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'tiny-agent', version: '2.0.0' }));
  await server.ask('/api/v1/backends/tiny/install', post({}));
  expect((await finish(server)).failure).toContain('does not work: Tiny is not installed');
  expect(existsSync(path)).toBe(true);
});

test('an installation can be cancelled, and what npm started ends with it', async () => {
  const scripted = makePackage(join(makeFolder(), 'tiny'), 'echo begun; sleep 600');
  const server = await startWithTiny({ tested: `file:${scripted}`, needsScript: true });
  await server.ask('/api/v1/backends/tiny/install', post({}));
  await vi.waitFor(
    async () => expect((await server.ask('/api/v1/backends/tiny/install')).text).toContain('npm rebuild'),
    { timeout: 40_000 },
  );
  expect((await server.ask('/api/v1/backends/tiny/install', { method: 'DELETE' })).status).toBe(204);
  expect((await server.ask('/api/v1/backends/tiny/install')).json['state']).toBe('cancelled');
  expect(existsSync(join(server.folder, 'agents', 'tiny', 'current'))).toBe(false);
});

test('what Baton does not install is refused', async () => {
  const server = await startTestServer();
  await server.ask(AGENTS, post(GOOSE));
  expect((await server.ask('/api/v1/backends/goose-2/install', post({}))).status).toBe(422);
  expect((await server.ask('/api/v1/backends/nobody/install', post({}))).status).toBe(404);
  expect((await server.ask('/api/v1/backends/goose-2/install')).status).toBe(404);
});
