import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend, OpenOptions } from '@baton/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenSession, openSession } from '../agent/__fixtures__/open-session.ts';
import { PATH, type Place, createPlace, toFixtureAgent } from './__fixtures__/open-acp.ts';
import { systemClock } from '../agent/system-clock.ts';
import { type AcpBackendOptions, createAcpBackend } from './index.ts';
import { startReadyAgent } from './ready-agent.ts';
import { BOUNDS } from './settings.ts';

// With the id of an agent of which is known what it reads at its start.
const MARKER = `warm-acp-${process.pid}`;

let place: Place;
let backends: Backend[];

beforeEach(async () => {
  place = await createPlace();
  backends = [];
});
afterEach(async () => {
  for (const backend of backends) await backend.close?.();
  expect(findMarked()).toEqual([]);
  await place.remove();
});

/** A backend, and the next of its agents that waits. */
function start(how = 'good', more: Partial<AcpBackendOptions> & { id?: string } = {}) {
  const { id = 'gemini', ...options } = more;
  let arrival = Promise.withResolvers<number>();
  const backend = createAcpBackend(toFixtureAgent(how, { id }), {
    env: { PATH, HOME: place.home },
    serverMarker: MARKER,
    warmAgents: 2,
    onWarm(pid) {
      arrival.resolve(pid);
      arrival = Promise.withResolvers<number>();
    },
    ...options,
  });
  backends.push(backend);
  const open = (changed: Partial<OpenOptions> = {}): OpenSession =>
    openSession(backend, { cwd: changed.cwd ?? place.cwd, open: changed });
  return { backend, open, next: () => arrival.promise };
}

const pidOf = async (session: OpenSession): Promise<number> => (await session.nth('agent.started')).pid ?? 0;

/** Runs a turn in a session of its own and waits for the agent that waits after it. */
async function warmUp({ open, next }: ReturnType<typeof start>): Promise<number> {
  const session = open();
  const waiting = next();
  await session.run('hello');
  const pid = await waiting;
  expect(pid).not.toBe(await pidOf(session));
  await session.session.stop();
  return pid;
}

function findMarked(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`BATON_SERVER=${MARKER}`) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

test('gives the next session an agent that waited, which is as good as any other', async () => {
  const agents = start();
  const waiting = await warmUp(agents);
  const second = agents.open();
  const after = agents.next();
  expect(await second.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(await pidOf(second)).toBe(waiting);
  expect(second.of('agent.ready')).toHaveLength(1);
  expect(await after).not.toBe(waiting);
  await second.session.stop();
  expect(second.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
});

test('never gives one of another folder or environment, or from before a file changed that it read', async () => {
  const agents = start();
  const folder = join(place.cwd, 'inner');
  await mkdir(folder);
  const waiting = await warmUp(agents);
  for (const changed of [{ cwd: folder }, { env: { KEY: 'another' } }]) {
    const other = agents.open(changed);
    expect(await pidOf(other)).not.toBe(waiting);
    await other.session.stop();
  }
  await writeFile(join(place.cwd, '.env'), 'GEMINI_MODEL=another\n');
  const late = agents.open();
  expect(await pidOf(late)).not.toBe(waiting);
  await late.session.stop();
});

test('does without one that died while it waited', async () => {
  const agents = start();
  const waiting = await warmUp(agents);
  process.kill(waiting, 'SIGKILL');
  const session = agents.open();
  const ended = await Promise.race([session.run('hello'), session.nth('agent.exited')]);
  expect(ended).toMatchObject({ type: 'turn.ended', outcome: 'completed' });
  expect(await pidOf(session)).not.toBe(waiting);
  await session.session.stop();
});

test('keeps none of an agent of which nobody knows what it reads, and none when none are wanted', async () => {
  for (const agents of [start('good', { id: 'unknown' }), start('good', { warmAgents: 0 })]) {
    const session = agents.open();
    await session.run('hello');
    await session.run('hello again');
    await session.session.stop();
    expect(findMarked()).toEqual([]);
  }
});

test('hears first, and in order, what one said while it waited', async () => {
  const agents = start('chatters');
  const waiting = await warmUp(agents);
  const session = agents.open();
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(await pidOf(session)).toBe(waiting);
  const order = [...JSON.stringify(session.of('raw.received')).matchAll(/"at":(\d+)/g)].map(([, at]) => Number(at));
  expect(order).toEqual(Array.from({ length: 40 }, (_, at) => at));
  await session.session.stop();
});

test('keeps none that says too much while it waits', async () => {
  const settings = {
    definition: toFixtureAgent('chatters-long'),
    env: {},
    serverMarker: MARKER,
    clock: systemClock,
    bounds: BOUNDS,
  };
  const recipe = { cwd: place.cwd, env: { PATH, HOME: place.home } };
  const ready = await startReadyAgent(settings, recipe, new AbortController().signal);
  expect(await ready.ended).toMatchObject({ expected: true });
  expect(await ready.answers()).toBe(false);
});

test('does without one that does not answer any more', async () => {
  const agents = start();
  const waiting = await warmUp(agents);
  process.kill(waiting, 'SIGSTOP');
  const session = agents.open();
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(await pidOf(session)).not.toBe(waiting);
  process.kill(waiting, 'SIGCONT');
  await session.session.stop();
});
