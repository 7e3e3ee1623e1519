import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointViewSchema, parseJson, problemSchema, sessionViewSchema } from '@baton/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { type Answer, type BatonProcess, canMount, COMMAND, OWNER_KEY, startBaton } from './harness/baton-process.ts';

/** Takes all the room there is, to the last byte, until it is told to give it back. */
function takeAllRoom(dataDir: string): () => void {
  const path = join(dataDir, 'ballast');
  const file = openSync(path, 'w');
  for (const size of [1024 ** 2, 4096, 1]) takeAll(file, Buffer.alloc(size));
  closeSync(file);
  return () => rmSync(path);
}

function takeAll(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch {
    // Nothing of this size fits any more.
  }
}

type Asked = [method: string, path: string, body?: unknown];
type Ask = (...asked: Asked) => Promise<Answer>;

/** A server on a disk of 24 MB, with a session, its checkpoint, and a file that changed since. */
async function setUp() {
  const baton = await startBaton({ diskMegabytes: 24 });
  onTestFinished(() => baton.kill('SIGTERM'));
  const folder = join(baton.root, 'work');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.txt'), 'one');
  const ask: Ask = (method, path, body) => baton.request(method, path, body);
  const { id } = sessionViewSchema.parse((await ask('POST', '/sessions', { backend: 'worker', cwd: folder })).body);
  // What comes later by itself would be a change.
  const readView = async () => sessionViewSchema.parse((await ask('GET', `/sessions/${id}`)).body);
  await expect.poll(readView).toMatchObject({ state: 'idle', agent: {} });
  const saved = await ask('POST', `/sessions/${id}/checkpoints`, {});
  const { id: checkpointId } = checkpointViewSchema.parse(saved.body);
  writeFileSync(join(folder, 'a.txt'), 'two'.repeat(50_000));
  return { baton, ask, folder, id, checkpointId };
}

/** All that a person can see that features keep. */
async function readAll(ask: Ask, id: string): Promise<unknown[]> {
  const paths = [`/sessions/${id}`, `/sessions/${id}/checkpoints`, '/policies', '/retention', '/tasks', '/agents'];
  const answers = await Promise.all([...paths, '/folders/defaults', '/sessions'].map((path) => ask('GET', path)));
  return answers.map(({ status, body }) => ({ status, body }));
}

test.runIf(canMount())(
  'a full disk: whatever writes says so and changes nothing, and all of it works again when there is room',
  async () => {
    const { baton, ask, folder, id, checkpointId } = await setUp();
    const writes: Asked[] = [
      ['POST', `/sessions/${id}/checkpoints`, {}],
      ['POST', `/checkpoints/${checkpointId}/restore`, {}],
      ['PUT', '/policies', { rules: [{ id: 'one', effect: 'allow', match: { tool: 'Bash' } }] }],
      ['PUT', '/retention', { keepRawDays: 3 }],
      ['POST', '/tasks', { title: 'later', prompt: 'go', backend: 'worker', cwd: folder }],
      ['POST', '/agents', { id: 'mine', title: 'Mine', command: 'mine' }],
      ['PUT', '/folders/defaults', { items: [{ folder, backend: 'worker' }] }],
      ['POST', '/sign-in', { key: OWNER_KEY }],
      ['PATCH', `/sessions/${id}`, { title: 'other' }],
      ['POST', '/sessions', { backend: 'worker', cwd: folder }],
      ['POST', `/sessions/${id}/turns`, { input: 'go' }],
    ];
    const before = await readAll(ask, id);
    const giveBack = takeAllRoom(baton.dataDir);
    for (const asked of writes) {
      const refusal = await ask(...asked);
      expect({ asked, ...problemSchema.parse(refusal.body) }).toMatchObject({
        ...{ asked, status: 507, kind: 'disk-full', retry: true },
        detail: expect.stringContaining('the disk is full; free some space and try again'),
      });
    }
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toHaveLength(150_000);
    expect(await readAll(ask, id)).toEqual(before);
    await readInstallFailure(ask);
    const [there, elsewhere] = [join(baton.ownDataDir, 'saved.db'), join(baton.root, 'saved.db')];
    expect(await runInside(baton, ['backup', there])).toMatchObject({ code: 1, failure: expect.stringMatching(FULL) });
    expect(readdirSync(baton.dataDir).filter((name) => name.startsWith('saved'))).toEqual([]);
    // That is when one wants it most.
    expect(await runInside(baton, ['backup', elsewhere])).toMatchObject({ code: 0 });
    giveBack();
    expect(await runInside(baton, ['backup', there])).toMatchObject({ code: 0 });
    for (const asked of writes)
      expect({ asked, status: (await ask(...asked)).status }).toMatchObject({ asked, status: OK });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('one');
    // Each line of the log is whole.
    const lines = readFileSync(join(baton.dataDir, 'logs', 'baton.log'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.filter((line) => !parseJson(line).ok)).toEqual([]);
    await expect.poll(() => ask('GET', '/search?q=one')).toMatchObject({ status: 200 });
  },
);

const OK = expect.toSatisfy((status: number) => status < 300);

async function readInstallFailure(ask: Ask): Promise<void> {
  await ask('POST', '/backends/gemini/install', { version: 'tested' });
  const read = async () => (await ask('GET', '/backends/gemini/install')).body;
  await expect.poll(read).toMatchObject({
    ...{ state: 'failed', failure: expect.stringContaining('the disk is full; free some space and try again') },
  });
}

test.runIf(canMount())('a server that is started on a full disk says so, and starts when there is room', async () => {
  const baton = await startBaton({ diskMegabytes: 24 });
  onTestFinished(() => baton.kill('SIGTERM'));
  const startAndStop = (dataDir: string) => runInside(baton, ['serve'], dataDir);
  const [fresh, old] = [join(baton.ownDataDir, 'fresh'), join(baton.ownDataDir, 'old')];
  expect(await startAndStop(old)).toMatchObject({ code: 0 });
  const giveBack = takeAllRoom(baton.dataDir);
  for (const folder of [fresh, old]) {
    const { code, failure } = await startAndStop(folder);
    expect({ code, failure }).toEqual({ code: 1, failure: expect.stringMatching(FULL) });
  }
  giveBack();
  for (const folder of [fresh, old]) expect(await startAndStop(folder)).toMatchObject({ code: 0 });
});

/** Runs a command of Baton's on that disk; a server is told to stop as soon as it runs. Resolves when it has ended. */
async function runInside(baton: BatonProcess, args: readonly string[], dataDir = baton.ownDataDir) {
  const inside = ['--target', String(baton.pid), '--user', '--mount', '--preserve-credentials', '--'];
  const env = { PATH: process.env['PATH'], HOME: baton.root, BATON_DATA: dataDir, BATON_PORT: '0' };
  const command = [...inside, process.execPath, COMMAND, ...args];
  const child = spawn('nsenter', command, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let failure = '';
  child.stderr.on('data', (chunk: Buffer) => {
    failure += chunk.toString();
  });
  if (args[0] === 'serve') child.stdout.once('data', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, failure };
}

const FULL = /^✗ Cannot [^\n]*disk[^\n]* full[^\n]*\n$/;
