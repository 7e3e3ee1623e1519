import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backend, OpenOptions } from '@baton/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenSession, openSession } from '../agent/__fixtures__/open-session.ts';
import { PATH, type Place, createPlace, toFixtureAgent } from './__fixtures__/open-acp.ts';
import { createAcpBackend } from './index.ts';

// With the id of an agent that may begin a conversation before anybody asks for one.
let place: Place;
let backends: Backend[];

beforeEach(async () => {
  place = await createPlace();
  backends = [];
});
afterEach(async () => {
  for (const backend of backends) await backend.close?.();
  await place.remove();
});

function start(how = 'good') {
  let arrival = Promise.withResolvers<number>();
  const log = join(place.home, 'calls.txt');
  const backend = createAcpBackend(
    toFixtureAgent(how, { id: 'claude-acp', env: { KEPT_LOG: log, TELLS_COMMANDS: '1' } }),
    {
      env: { PATH, HOME: place.home },
      warmAgents: 1,
      onWarm(pid) {
        arrival.resolve(pid);
        arrival = Promise.withResolvers<number>();
      },
    },
  );
  backends.push(backend);
  const open = (open: Partial<OpenOptions> = {}): OpenSession => openSession(backend, { cwd: place.cwd, open });
  /** What an agent was asked for, but signs of life. */
  const callsOf = (pid: number): string[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      .flatMap((line) => (line.startsWith(`${pid} `) ? [line.slice(`${pid} `.length)] : []))
      .filter((method) => method !== '_baton/ping');
  return { backend, open, next: () => arrival.promise, callsOf };
}

/** Runs a turn in a session of its own, and waits for the agent that waits after it. */
async function warmUp({ open, next }: ReturnType<typeof start>): Promise<number> {
  const session = open();
  const waiting = next();
  await session.run('hello');
  const pid = await waiting;
  await session.session.stop();
  return pid;
}

test('begins a session in the conversation of one that waited, and it is like any other', async () => {
  const agents = start();
  const waiting = await warmUp(agents);
  expect(agents.callsOf(waiting)).toEqual(['initialize', 'session/new']);
  const session = agents.open({ effort: 'high', mode: 'go' });
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(await session.nth('agent.started')).toMatchObject({ pid: waiting, nativeId: 'conversation-1' });
  const asked = ['initialize', 'session/new', 'session/set_mode', 'session/set_config_option', 'session/prompt'];
  expect(agents.callsOf(waiting)).toEqual(asked);
  // What it told while it waited comes after what it is, as from an agent that was just started.
  const cold = agents.open({ env: { OTHER: 'place' }, effort: 'high', mode: 'go' });
  await cold.run('hello');
  await cold.until((report) => report.type === 'agent.ready' && report.commands.length > 0);
  const kinds = (each: OpenSession) => each.reports.map(({ type }) => type).filter((type) => !type.startsWith('item.'));
  expect(kinds(session)[0]).toBe('agent.started');
  expect(kinds(session).toSorted()).toEqual(kinds(cold).toSorted());
  expect(session.of('agent.ready').at(-1)?.commands).toMatchObject([{ name: 'of-conversation-1' }]);
  await Promise.all([session.session.stop(), cold.session.stop()]);
});

test.each<[string, Partial<OpenOptions>]>([
  ['session/resume', { nativeId: 'conversation-of-old' }],
  ['session/fork', { branch: { kind: 'fork', nativeId: 'conversation-of-old' } }],
])('goes on with an earlier conversation in one that waited, which forgets its own: %s', async (method, open) => {
  const agents = start();
  const waiting = await warmUp(agents);
  const session = agents.open(open);
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect((await session.nth('agent.started')).pid).toBe(waiting);
  expect(agents.callsOf(waiting).slice(2, 4)).toEqual(['session/close', method]);
  expect(JSON.stringify(session.reports)).not.toContain('of-conversation-1');
  await session.session.stop();
});

test('begins anew in one that waited when something has changed that a conversation begins with', async () => {
  const agents = start();
  const waiting = await warmUp(agents);
  await writeFile(join(place.cwd, 'CLAUDE.md'), 'Answer in rhymes');
  const session = agents.open();
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(await session.nth('agent.started')).toMatchObject({ pid: waiting, nativeId: 'conversation-2' });
  expect(agents.callsOf(waiting).slice(1, 4)).toEqual(['session/new', 'session/close', 'session/new']);
  await session.session.stop();
});

test('has one that waits begin anew after a turn in which something changed', async () => {
  const agents = start();
  const first = agents.open();
  const waiting = agents.next();
  await first.run('hello');
  const pid = await waiting;
  await writeFile(join(place.cwd, 'CLAUDE.md'), 'Answer in rhymes');
  const again = agents.next();
  await first.run('hello');
  expect(await again).toBe(pid);
  expect(agents.callsOf(pid)).toEqual(['initialize', 'session/new', 'session/close', 'session/new']);
  const second = agents.open();
  expect(await second.nth('agent.started')).toMatchObject({ pid, nativeId: 'conversation-2' });
  await Promise.all([first.session.stop(), second.session.stop()]);
});

test('does without one that does not close what it began', async () => {
  const agents = start('holds');
  const waiting = await warmUp(agents);
  await writeFile(join(place.cwd, 'CLAUDE.md'), 'Answer in rhymes');
  const session = agents.open();
  expect(await session.run('hello')).toMatchObject({ outcome: 'completed' });
  expect((await session.nth('agent.started')).pid).not.toBe(waiting);
  await session.session.stop();
});

test('begins nothing that the agent cannot close again', async () => {
  const agents = start('cannot-close');
  const waiting = await warmUp(agents);
  expect(agents.callsOf(waiting)).toEqual(['initialize']);
});

test('begins nothing before it is wanted where that would run something of the user', async () => {
  await mkdir(join(place.cwd, '.claude'));
  await writeFile(join(place.cwd, '.claude', 'settings.json'), JSON.stringify({ hooks: { SessionStart: [] } }));
  const agents = start();
  const waiting = await warmUp(agents);
  expect(agents.callsOf(waiting)).toEqual(['initialize']);
  const session = agents.open();
  expect(await session.nth('agent.started')).toMatchObject({ pid: waiting });
  await session.session.stop();
});
