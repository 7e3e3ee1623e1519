import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentReport, type Backend, type OpenOptions } from '@baton/core';
import { type SessionId, type TurnId, createId } from '@baton/protocol';
import { type Rehearsal, parseScenario, startRehearsal } from '@baton/rehearsal';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Place, VERSIONS, createPlace, executableOf, toTestEnvironment } from './__fixtures__/open-claude.ts';
import { lastPrompts, lastRequest } from './__fixtures__/read-conversation.ts';
import { createClaudeBackend } from './index.ts';

const SCENARIO = `
title: Something to do
turns:
  - when: who am I
    steps:
      - call: { tool: run, input: { command: "echo $BATON_SESSION > who.txt", description: Look } }
      - say: That was it.
  - steps: [{ say: "You said: {{prompt}}" }]
`;

let rehearsal: Rehearsal;
let place: Place;
let backend: Backend | undefined;
let warmed: { pids: number[]; next(): Promise<number> };
const marker = `warm-${process.pid}`;

beforeAll(async () => {
  rehearsal = await startRehearsal({ scenario: parseScenario(SCENARIO, { name: 'warm' }) });
});
afterAll(() => rehearsal.close());
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await backend?.close?.();
  expect(findMarked()).toEqual([]);
  await place.remove();
});

function start(program: string, env: Record<string, string> = {}): Backend {
  const pids: number[] = [];
  let arrival = Promise.withResolvers<number>();
  warmed = {
    pids,
    next: () => arrival.promise,
  };
  backend = createClaudeBackend({
    executable: executableOf(program),
    env: { ...toTestEnvironment(place, rehearsal), IS_SANDBOX: '1', ...env },
    serverMarker: marker,
    warmAgents: 2,
    // They end in their own way, however slow this machine is.
    bounds: { stop: { protocolMs: 60_000 } },
    onWarm(pid) {
      pids.push(pid);
      arrival.resolve(pid);
      arrival = Promise.withResolvers<number>();
    },
  });
  return backend;
}

function open(from: Backend, options: Partial<OpenOptions> = {}) {
  const reports: AgentReport[] = [];
  const watchers = new Set<() => void>();
  const sessionId: SessionId = createId('session');
  const session = from.open({
    ...{ sessionId, cwd: place.cwd, mode: 'bypassPermissions', env: {} },
    async *history() {},
    report(report) {
      reports.push(report);
      for (const look of watchers) look();
    },
    ...options,
  });
  const until = (fits: (report: AgentReport) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (reports.some(fits)) resolve();
      };
      watchers.add(look);
      look();
    });
  async function run(text: string): Promise<void> {
    const turnId: TurnId = createId('turn');
    await session.prompt({ turnId, input: [{ type: 'text', text }] });
    await until((report) => report.type === 'turn.ended' && report.turnId === turnId);
  }
  const started = async () => {
    await until((report) => report.type === 'agent.started');
    const report = reports.find((each) => each.type === 'agent.started');
    if (report?.type !== 'agent.started') throw new Error('The agent did not start');
    return report;
  };
  return { session, sessionId, reports, run, started };
}

/** What the session of an agent that reported this is opened with the next time. */
function toChoice(reports: readonly AgentReport[]): Partial<OpenOptions> {
  const told = reports.filter((report) => report.type === 'session.configured');
  const model = told.findLast((report) => report.model !== undefined)?.model ?? undefined;
  const mode = told.findLast((report) => report.mode !== undefined)?.mode ?? 'bypassPermissions';
  return { ...(model === undefined ? {} : { model }), mode };
}

/** Runs one turn in a session, waits until another process waits, and ends the session. */
async function use(
  from: Backend,
  options: Partial<OpenOptions> = {},
): Promise<{ pid: number | null; waiting: number }> {
  const one = open(from, options);
  const next = warmed.next();
  await one.run('hello');
  const waiting = await next;
  const { pid } = await one.started();
  await one.session.stop();
  return { pid, waiting };
}

function findMarked(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`BATON_SERVER=${marker}`) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

// Each starts a handful of real processes, one after another.
describe.each(VERSIONS)('Claude Code $version', ({ program }) => {
  test('gives the next session a process that waited, and it is the same as any other', async () => {
    const from = start(program);
    const asked = () => rehearsal.requests().filter(({ kind }) => kind === 'main').length;
    const first = await use(from, { model: 'sonnet', effort: 'low' });
    expect(first.waiting).not.toBe(first.pid);
    const before = asked();
    const second = open(from, { model: 'sonnet', effort: 'low' });
    const { pid, nativeId } = await second.started();
    expect(pid).toBe(first.waiting);
    // Waiting, it asked no model and touched no file of the project.
    expect(asked()).toBe(before);
    expect(readdirSync(place.cwd)).toEqual([]);
    const another = warmed.next();
    await second.run('who am I');
    await another;
    expect(readFileSync(join(place.cwd, 'who.txt'), 'utf8').trim()).toBe(second.sessionId);
    expect(lastRequest(rehearsal).output_config).toEqual({ effort: 'low' });
    expect(second.reports.filter(({ type }) => type === 'agent.ready').length).toBeGreaterThan(0);
    expect(second.reports.some(({ type }) => type === 'approval.requested')).toBe(false);
    await second.session.stop();
    expect(second.reports.at(-1)).toMatchObject({ type: 'agent.exited', code: 0, expected: true });
    const again = open(from, { model: 'sonnet', effort: 'low', nativeId });
    await again.run('and now');
    expect((await again.started()).nativeId).toBe(nativeId);
    expect(lastPrompts(rehearsal)).toContain('who am I');
    await again.session.stop();
  });

  test('wakes a session that sleeps with a process that waited, unless something has changed since', async () => {
    const from = start(program);
    const one = open(from);
    const spare = warmed.next();
    await one.run('my name is Rosa');
    await spare;
    const { nativeId } = await one.started();
    const sleep = async (session: ReturnType<typeof open>) => {
      const next = warmed.next();
      await session.session.stop({ isRest: true });
      return next;
    };
    const asLeft = { ...toChoice(one.reports), nativeId };
    const waiting = await sleep(one);
    const two = open(from, asLeft);
    expect(await two.started()).toMatchObject({ pid: waiting, nativeId });
    await two.run('who am I');
    expect(lastPrompts(rehearsal)).toContain('my name is Rosa');
    expect(readFileSync(join(place.cwd, 'who.txt'), 'utf8').trim()).toBe(two.sessionId);
    // Another effort: the one that waited is ended first, for it has the conversation open.
    const stale = await sleep(two);
    const three = open(from, { ...asLeft, effort: 'low' });
    expect((await three.started()).pid).not.toBe(stale);
    await three.run('and now');
    expect(lastPrompts(rehearsal)).toContain('who am I');
    await three.session.stop();
  });

  test('never serves what was started in another way, or before something changed', async () => {
    const from = start(program);
    const { waiting } = await use(from);
    for (const options of [{ env: { ANTHROPIC_API_KEY: 'another' } }, { model: 'opus' }, { mode: 'plan' }]) {
      const other = open(from, options);
      expect((await other.started()).pid).not.toBe(waiting);
      await other.session.stop();
    }
    await writeFile(join(place.cwd, 'CLAUDE.md'), 'Answer in rhymes');
    const late = open(from);
    expect((await late.started()).pid).not.toBe(waiting);
    await late.session.stop();
  });

  test('starts nothing before it is wanted where that would run programs of the user', async () => {
    await mkdir(join(place.cwd, '.claude'));
    const hook = { hooks: [{ type: 'command', command: `echo begun >> ${join(place.home, 'hook.txt')}` }] };
    await writeFile(join(place.cwd, '.claude', 'settings.json'), JSON.stringify({ hooks: { SessionStart: [hook] } }));
    const from = start(program);
    const only = open(from);
    await only.run('hello');
    await only.run('hello again');
    await only.session.stop();
    expect(warmed.pids).toEqual([]);
    expect(readFileSync(join(place.home, 'hook.txt'), 'utf8')).toBe('begun\n');
  });

  test('does without one that died, and leaves nothing behind', async () => {
    const from = start(program);
    const { waiting } = await use(from);
    process.kill(waiting, 'SIGKILL');
    const next = open(from);
    await next.run('hello');
    expect(next.reports.some(({ type }) => type === 'turn.ended')).toBe(true);
    await next.session.stop();
    await from.close?.();
    expect(existsSync(`/proc/${waiting}/environ`)).toBe(false);
  });
});
