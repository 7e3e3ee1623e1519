import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentReport, Backend, Clock } from '@baton/core';
import { createManualClock } from '@baton/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Place, createPlace, openCodex } from './__fixtures__/open-codex.ts';
import { checkLaws } from './__fixtures__/stage.ts';
import { createCodexBackend } from './index.ts';

// What the real Codex does not do while anybody looks.

const ODD = fileURLToPath(new URL('./__fixtures__/odd-app-server.mjs', import.meta.url));

let place: Place;
let backend: Backend;

beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await backend.close?.();
  expect(listSockets()).toEqual([]);
  await place.remove();
});

interface Choice {
  readyMs?: number;
  clock?: Clock;
  report?: (report: AgentReport) => void | Promise<void>;
}

function open(how: string, { report, readyMs = 10_000, ...more }: Choice = {}) {
  const env = { PATH: process.env['PATH'] ?? '', HOME: place.home, ODD: how };
  const dataDir = join(place.root, 'data');
  backend = createCodexBackend({ executable: ODD, env, dataDir, readyMs, serverMarker: `odd-${process.pid}`, ...more });
  return openCodex(backend, place, { env: { ODD: how }, ...(report === undefined ? {} : { report }) });
}

const listSockets = () =>
  readdirSync(place.root, { recursive: true })
    .map(String)
    .filter((name) => /\.(sock|token)$/.test(name));

for (const how of ['deaf', 'half-open'])
  test(`says why one does not start that is ${how}, and ends it`, async () => {
    const codex = open(how, { readyMs: 1000 });
    const { failure } = await codex.nth('agent.exited');
    const message = 'Cannot start Codex: Codex did not listen within 1 s';
    expect(failure).toEqual({ kind: 'agent-unresponsive', message });
    checkLaws(codex.reports);
  });

test('tries again where it is hung up on', async () => {
  const codex = open('hangs-up');
  expect(await codex.nth('agent.started')).toMatchObject({ version: '0.0.1' });
  await codex.session.stop();
});

test('ends at once, while one starts that never will', async () => {
  const codex = open('half-open', { readyMs: 60_000 });
  await expect.poll(() => listSockets()).toHaveLength(1);
  await backend.close?.();
  expect(await codex.nth('agent.exited')).toMatchObject({ expected: false });
});

for (const how of ['leaves', 'drops', 'too-long'])
  test(`ends a process that ${how === 'too-long' ? 'says too much at once' : how} and lives on`, async () => {
    const codex = open(how);
    void codex.send('hello');
    const { pid } = await codex.nth('agent.started');
    const { failure } = await codex.nth('agent.exited');
    expect(failure?.message).toBe('The connection to Codex broke. Send a prompt to go on.');
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    checkLaws(codex.reports);
  });

test('interrupts a turn that has not begun when Codex first hears of the interrupt', async () => {
  const codex = open('begins-late');
  await codex.send('hello');
  await codex.session.interrupt?.();
  expect(await codex.nth('turn.ended')).toMatchObject({ outcome: 'interrupted' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('a session that begins while the connection is broken gets a process of its own', async () => {
  // The process is left alone for as long as this clock stands still.
  const first = open('leaves', { clock: createManualClock() });
  void first.send('hello');
  const { pid } = await first.nth('agent.started');
  const steer = () => first.session.steer?.([{ type: 'text', text: 'more' }]).catch(String);
  const soon = () => new Promise((resolve) => setImmediate(resolve));
  await expect.poll(() => Promise.race([steer(), soon()])).toContain('Codex has ended');
  expect(existsSync(`/proc/${pid}`)).toBe(true);
  const second = openCodex(backend, place, { env: { ODD: 'leaves' } });
  expect((await second.nth('agent.started')).pid).not.toBe(pid);
  await second.session.stop();
});

test('all that a process said before it died comes before its end, however slow whoever hears it', async () => {
  const heard: string[] = [];
  const done = Promise.withResolvers<void>();
  const codex = open('dies', {
    async report(report) {
      if (report.type === 'agent.exited') done.resolve();
      await new Promise((resolve) => setTimeout(resolve, 10));
      heard.push(report.type === 'item.delta' ? report.text : report.type);
    },
  });
  void codex.send('hello');
  await done.promise;
  const words = heard.filter((word) => /^\d+ $/.test(word));
  expect(words).toEqual(Array.from({ length: 300 }, (_, at) => `${at} `));
});
