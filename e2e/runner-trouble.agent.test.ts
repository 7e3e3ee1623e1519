import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { WORKER } from './harness/agents/worker.ts';
import { STORY, withScenario } from './harness/agents.ts';
import {
  type BatonProcess,
  type BatonProcessOptions,
  COMMAND,
  OWNER_KEY,
  readPid,
  startBaton,
  temporaryFolder,
} from './harness/baton-process.ts';
import { type Drive, drive, take } from './harness/drive.ts';
import { findProcesses } from './harness/processes.ts';

async function start(options: BatonProcessOptions = {}): Promise<BatonProcess> {
  const baton = await startBaton(options);
  onTestFinished(() => baton.kill('SIGTERM'));
  return baton;
}

function baton({ dataDir, root }: BatonProcess, ...args: string[]) {
  const env = { PATH: process.env['PATH'], HOME: root, BATON_DATA: dataDir, BATON_ROOTS: root, BATON_KEY: OWNER_KEY };
  return promisify(execFile)(process.execPath, [COMMAND, ...args], { env, cwd: root });
}

async function tell(on: BatonProcess, env: Record<string, string>): Promise<Drive> {
  const session = await drive({ baton: on, peer: await on.connect() }, WORKER, { env, prompt: 'A long story' });
  await session.peer.until((frame) => frame.type === 'delta' && frame.sessionId === session.id && frame.offset > 120);
  return session;
}

function isAlive(pid: number): boolean {
  return findProcesses('BATON_SERVER=').some((each) => each.pid === pid);
}

test('two restarts at once are one: the server is there, and its agent went on', () =>
  withScenario(STORY, async (env) => {
    const server = await start();
    const session = await tell(server, env);
    const both = await Promise.allSettled([baton(server, 'restart'), baton(server, 'restart')]);
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(readPid(server.dataDir, 'server')).toBe(server.pid);
    const again = take({ baton: server, peer: await server.connect() }, session);
    expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
  }));

test('told to stop while it restarts, a server ends with its runner and its agents', () =>
  withScenario(STORY, async (env) => {
    const server = await startBaton();
    await tell(server, env);
    const runner = server.runnerPid();
    process.kill(server.pid, 'SIGUSR2');
    await server.kill('SIGTERM');
    expect(isAlive(runner)).toBe(false);
    expect(readdirSync(join(server.dataDir, 'runner'))).toEqual([]);
  }));

test('a data folder whose path is longer than a socket may be', () =>
  withScenario(STORY, async (env) => {
    const dataDir = join(temporaryFolder('data'), 'a'.repeat(80), 'b'.repeat(80));
    mkdirSync(dataDir, { recursive: true });
    const first = await start({ dataDir });
    const session = await tell(first, env);
    await first.kill('SIGKILL');
    const second = await start({ dataDir, root: first.root });
    const again = take({ baton: second, peer: await second.connect() }, session);
    expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
  }));

test('baton run beside the runner of a dead server leaves its agent at work', () =>
  withScenario(STORY, async (env) => {
    const first = await start();
    const session = await tell(first, env);
    const runner = first.runnerPid();
    await first.kill('SIGKILL');
    const { stdout } = await baton(first, 'run', '--backend', 'worker', '--approve', 'allow-once', 'Hello');
    expect(stdout).not.toBe('');
    expect(isAlive(runner)).toBe(true);
    const second = await start({ dataDir: first.dataDir, root: first.root });
    const again = take({ baton: second, peer: await second.connect() }, session);
    expect(await again.turnEnded()).toMatchObject({ outcome: 'completed' });
  }));
