import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkInvariants, evolve, noSession } from '@baton/core';
import { type RecordedEvent, recordedEventSchema, type SessionId } from '@baton/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { CLAUDE } from './harness/agents/claude.ts';
import { WORKER } from './harness/agents/worker.ts';
import { STORY, withScenario } from './harness/agents.ts';
import { type BatonProcess, type BatonProcessOptions, COMMAND, readPid, startBaton } from './harness/baton-process.ts';
import { type Drive, drive, take } from './harness/drive.ts';
import { findProcesses } from './harness/processes.ts';

const pageSchema = z.object({ events: z.array(recordedEventSchema), seq: z.int() });

async function readLog(baton: BatonProcess, id: SessionId): Promise<RecordedEvent[]> {
  const { body } = await baton.request('GET', `/sessions/${id}/events?limit=5000`);
  return pageSchema.parse(body).events;
}

function expectSound(log: readonly RecordedEvent[]): void {
  expect(log.map((each) => each.seq)).toEqual(log.map((_, index) => index + 1));
  const events = log.map(({ event }) => event);
  expect(checkInvariants(events, log.reduce(evolve, noSession))).toEqual([]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function start(options: BatonProcessOptions = {}): Promise<BatonProcess> {
  const baton = await startBaton(options);
  onTestFinished(() => baton.kill('SIGTERM'));
  return baton;
}

/** The same folders served by another process. */
async function startAgain(before: BatonProcess, env: Record<string, string> = {}): Promise<BatonProcess> {
  return start({ dataDir: before.dataDir, root: before.root, env });
}

async function wasStreaming({ peer, id }: Drive): Promise<void> {
  await peer.until((frame) => frame.type === 'delta' && frame.sessionId === id && frame.offset > 120);
}

const toText = (log: readonly RecordedEvent[]) =>
  log
    .flatMap(({ event }) =>
      event.type === 'item.ended' && event.item.type === 'agent-message' ? [event.item.text] : [],
    )
    .join('');

describe.each([CLAUDE, WORKER])('$name', (agent) => {
  test('works on while its server is dead, and the next has all it said, once', () =>
    withScenario(STORY, async (env) => {
      const first = await start({ env: agent.serverEnv });
      const session = await drive({ baton: first, peer: await first.connect() }, agent, {
        env,
        prompt: 'A long story',
      });
      await wasStreaming(session);
      const runner = first.runnerPid();
      await first.kill('SIGKILL');
      const second = await startAgain(first, agent.serverEnv);
      expect(second.runnerPid()).toBe(runner);
      const again = take({ baton: second, peer: await second.connect() }, session);
      expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
      const log = await readLog(second, session.id);
      expectSound(log);
      expect(log.filter(({ event }) => event.type === 'agent.started')).toHaveLength(1);
      expect(log.filter(({ event }) => event.type === 'turn.started')).toHaveLength(1);
      const whole = toText(log);
      expect(whole).toContain('The story begins.');
      expect(whole.split('The story begins.')).toHaveLength(2);
      const { turnId } = await again.prompt('A long story');
      await again.peer.event(session.id, 'turn.started', (event) => event.turnId === turnId);
      await again.run({ type: 'turn.interrupt' });
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'interrupted' });
      expectSound(await readLog(second, session.id));
    }));

  test('has its approval answered by the server after the one it asked', () =>
    withScenario('approval', async (env) => {
      const first = await start({ env: agent.serverEnv });
      const peer = await first.connect();
      const session = await drive({ baton: first, peer }, agent, { env, prompt: 'Run the tests' });
      const asked = await peer.event(session.id, 'approval.requested');
      await first.kill('SIGKILL');
      const second = await startAgain(first, agent.serverEnv);
      const again = take({ baton: second, peer: await second.connect() }, session);
      expect((await again.answer('allow-once')).approvalId).toBe(asked.approvalId);
      await again.allowUntil(again.turnEnded());
      expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
      expectSound(await readLog(second, session.id));
    }));

  test('goes on in its conversation after its runner was killed, of which nothing is left', () =>
    withScenario('interrupt-tool', async (env) => {
      const baton = await start({ env: agent.serverEnv });
      const peer = await baton.connect();
      const session = await drive({ baton, peer }, agent, { env, prompt: 'Run the long command' });
      await session.answer('allow-once');
      const marker = `BATON_SESSION=${session.id}`;
      await expect.poll(() => findProcesses(marker, 'sleep').length).toBeGreaterThan(0);
      const runner = baton.runnerPid();
      process.kill(runner, 'SIGKILL');
      expect(await session.turnEnded()).toMatchObject({ outcome: 'failed', error: { kind: 'agent-exited' } });
      expect(findProcesses(marker)).toEqual([]);
      const { turnId } = await session.prompt('Run the long command');
      await peer.event(session.id, 'turn.started', (event) => event.turnId === turnId);
      await session.answer('deny-once');
      await session.turnEnded(turnId);
      expect(baton.runnerPid()).not.toBe(runner);
      expectSound(await readLog(baton, session.id));
    }));
});

describe.each([
  ['its runner', []],
  // What a dead server's runner wrote down counts as long as the machine runs, which only Linux tells.
  ...(process.platform === 'linux' ? [['server and runner', ['server']] as const] : []),
] as const)('after a kill of %s', (_, others) => {
  test('a prompt that the runner had not read is asked again, once', () =>
    withScenario('simple', async (env) => {
      const first = await start({ env: CLAUDE.serverEnv });
      const peer = await first.connect();
      const session = await drive({ baton: first, peer }, CLAUDE, { env, prompt: 'Hello' });
      await session.turnEnded();
      const runner = first.runnerPid();
      process.kill(runner, 'SIGSTOP');
      const { turnId } = await session.prompt('Hello again');
      await peer.event(session.id, 'turn.started', (event) => event.turnId === turnId);
      if (others.length > 0) await first.kill('SIGKILL');
      process.kill(runner, 'SIGKILL');
      const baton = others.length > 0 ? await startAgain(first, CLAUDE.serverEnv) : first;
      const again = take({ baton, peer: others.length > 0 ? await baton.connect() : peer }, session);
      expect(await again.turnEnded(turnId)).toMatchObject({ outcome: 'completed' });
      const log = await readLog(baton, session.id);
      expectSound(log);
      expect(log.filter(({ event }) => event.type === 'turn.requeued')).toHaveLength(1);
      expect(toText(log).split('I heard you.')).toHaveLength(3);
    }));
});

test('baton restart changes the server and nothing else: the same pid, the same port, the turn goes on', () =>
  withScenario(STORY, async (env) => {
    const baton = await start();
    const session = await drive({ baton, peer: await baton.connect() }, WORKER, { env, prompt: 'A long story' });
    await wasStreaming(session);
    const runner = baton.runnerPid();
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [COMMAND, 'restart', '--data', baton.dataDir], {
      env: { PATH: process.env['PATH'], HOME: baton.root },
    });
    expect(stdout).toContain(baton.url);
    expect([readPid(baton.dataDir, 'server'), baton.runnerPid()]).toEqual([baton.pid, runner]);
    const again = take({ baton, peer: await baton.connect() }, session);
    expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
    expectSound(await readLog(baton, session.id));
  }));

test('SIGTERM ends server, runner and agents', () =>
  withScenario(STORY, async (env) => {
    const baton = await startBaton();
    const session = await drive({ baton, peer: await baton.connect() }, WORKER, { env, prompt: 'A long story' });
    await wasStreaming(session);
    const runner = baton.runnerPid();
    await baton.kill('SIGTERM');
    expect(isAlive(runner)).toBe(false);
    expect(findProcesses(`BATON_SESSION=${session.id}`)).toEqual([]);
  }));

test('--no-runner: one process, with which the agents end', () =>
  withScenario('long-stream', async (env) => {
    const first = await start({ args: ['--no-runner'] });
    expect(() => first.runnerPid()).toThrow('ENOENT');
    const session = await drive({ baton: first, peer: await first.connect() }, WORKER, { env, prompt: 'A long story' });
    await wasStreaming(session);
    await first.kill('SIGKILL');
    const second = await startAgain(first);
    const again = take({ baton: second, peer: await second.connect() }, session);
    expect(await again.turnEnded()).toMatchObject({ outcome: 'failed', error: { kind: 'server-restarted' } });
  }));
