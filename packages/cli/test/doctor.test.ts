import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { createApi } from '@baton/client';
import { type Finding, findingSchema, parseJson } from '@baton/protocol';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { COMMANDS } from '../src/commands.ts';
import { runCli } from '../src/run-cli.ts';
import { createFakeTerminal } from './fake-terminal.ts';
import { createWorkplace, type Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.close());

async function examine(): Promise<Finding[]> {
  const terminal = createFakeTerminal();
  await place.baton(['doctor', '--deep', '--json'], terminal);
  const json = parseJson(terminal.printed);
  return z.array(findingSchema).parse(json.ok ? json.value : undefined);
}

const dataDir = () => join(place.home, 'data');
const DEEP = ['database', 'sessions', 'orphans', 'checkpoints', 'history'];
const pick = (findings: readonly Finding[]) =>
  findings.filter(({ id }) => DEEP.some((each) => id.startsWith(each)) || id.startsWith('session:'));

test('a deep look at good data finds all good, with and without a server', async () => {
  expect(pick(await examine())).toMatchObject([
    { id: 'database', detail: expect.stringContaining('none yet') },
    {},
    {},
  ]);
  const server = await place.serve();
  await place.baton(['run', '-b', 'worker', '[scene simple] hi']);
  for (const isServed of [true, false]) {
    if (!isServed) await server.stop();
    const found = pick(await examine());
    expect(found.map(({ id, status }) => `${id} ${status}`)).toEqual(DEEP.map((id) => `${id} good`));
    expect(found[1]?.detail).toContain('1 logs keep every invariant');
  }
});

test('a deep look finds damage, broken logs and leftovers, and says how to mend each', async () => {
  const server = await place.serve();
  await place.baton(['run', '-b', 'worker', '[scene simple] hi']);
  await server.stop();
  const db = new DatabaseSync(join(dataDir(), 'baton.db'));
  const notice = JSON.stringify({ type: 'item.ended', itemId: 'itm_x', item: { type: 'agent-message', text: '' } });
  db.exec(`
    UPDATE sessions SET seq = seq + 1;
    INSERT INTO events (session_key, seq, at, event) SELECT key, seq, '2026-01-01T00:00:00.000Z', '${notice}' FROM sessions;
  `);
  db.close();
  const stray = join(dataDir(), 'checkpoints', 'a'.repeat(32));
  await mkdir(stray, { recursive: true });
  await writeFile(join(dataDir(), 'history.db'), 'no database');
  const marker = createHash('sha256').update(dataDir()).digest('hex').slice(0, 16);
  const env = { ...process.env, BATON_SERVER: marker, BATON_SESSION: 'ses_gone' };
  const orphan = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()'], { env });
  onTestFinished(() => void orphan.kill('SIGKILL'));
  await once(orphan.stdout, 'data');
  const found = pick(await examine()).filter(({ status }) => status !== 'good');
  const details = found.map(({ detail }) => detail).join('\n');
  expect(details).toMatch(/says seq \d+ and its row \d+/);
  expect(details).toContain('I5: itm_x ended without being open');
  expect(details).toMatch(/the stored view says seq \d+, its log \d+/);
  expect(details).toContain('1 repositories belong to no session');
  if (process.platform === 'linux') expect(details).toContain(`(pid ${orphan.pid})`);
  expect(found.some(({ id }) => id === 'history')).toBe(true);
  for (const { mend } of found) expect(mend).toMatch(/\w/);
});

const SECRETS = {
  env: 'SESSIONENVVALUE 77',
  agent: 'agentenvvalue-91',
  outside: 'outsideservertoken',
  prompt: 'please mend the purple submarine',
  title: 'Submarine titled secretly',
  github: 'ghp_abcdefghijklmnop1234',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl',
  assigned: 'assignedvalue42',
};

test('a bundle holds what is needed to find a fault, and no secret that was planted anywhere', async () => {
  await mkdir(dataDir(), { recursive: true });
  const agents = {
    agents: [{ id: 'mine', title: 'Mine', command: 'x', env: { MINE_KEY: SECRETS.agent } }],
    folders: [],
  };
  await writeFile(join(dataDir(), 'agents.json'), JSON.stringify(agents));
  const server = await place.serve();
  const api = createApi({ url: server.url, key: server.ownerKey });
  const body = { cwd: place.cwd, backend: 'worker', title: SECRETS.title, env: { A_KEY: SECRETS.env } };
  await api.call('createSession', { body: { ...body, prompt: `[scene simple]\n${SECRETS.prompt}` } });
  await mkdir(join(dataDir(), 'logs'), { recursive: true });
  const lines = [
    { level: 'error', time: 'now', msg: 'The engine met a fault', env: { X: 'inanunknownfield' } },
    { level: 'error', time: 'now', msg: `failed: ${Object.values(SECRETS).join(' and ')}` },
    {
      level: 'error',
      time: 'now',
      msg: 'x',
      err: { type: 'Error', message: `MY_API_KEY=${SECRETS.assigned} "${SECRETS.jwt}"` },
    },
    { level: 'error', time: 'now', msg: 'y', err: { stack: `at ${server.ownerKey} Bearer abcdefgh12345678` } },
  ];
  const text = lines.map((line) => JSON.stringify(line).replace(` and ${SECRETS.assigned}`, '')).join('\n');
  await appendFile(join(dataDir(), 'logs', 'baton.log'), `${text}\nnot JSON ${SECRETS.prompt}\n`);
  const file = join(place.home, 'report.tar.gz');
  const terminal = createFakeTerminal();
  const env = { ...place.env, SOME_API_TOKEN: SECRETS.outside };
  await runCli(COMMANDS, ['doctor', '--deep', '--bundle', file], {
    terminal,
    env,
    cwd: place.cwd,
    now: () => Date.now(),
  });
  expect(terminal.said).toContain('report.tar.gz');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const content = gunzipSync(await readFile(file)).toString();
  for (const secret of [...Object.values(SECRETS), server.ownerKey, 'inanunknownfield', 'abcdefgh12345678']) {
    expect(content).not.toContain(secret);
  }
  for (const needed of ['"baton":', 'The engine met a fault', '"eventLoop"', '"id": "database"', '"maxSockets"']) {
    expect(content).toContain(needed);
  }
  const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' });
  expect(names.trim().split('\n')).toEqual([
    'about.json',
    'findings.json',
    'settings.json',
    'health.json',
    'log.jsonl',
  ]);
  // A file that exists is left as it is.
  expect(await place.baton(['doctor', '--bundle', file], terminal)).toBe(1);
  expect(terminal.said).toContain('the file exists');
});
