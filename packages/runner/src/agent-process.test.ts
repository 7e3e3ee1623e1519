import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@baton/protocol';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { type AgentProcess, type ProcessExit, type ProcessOptions, startProcess } from './agent-process.ts';
import { readProcessTable } from './process-table.ts';

const QUICK = { protocolMs: 300, interruptMs: 150, terminateMs: 150, killMs: 5000 };
/** For what ends in its own way, however busy the machine is. */
const PATIENT = { ...QUICK, protocolMs: 60_000 };
const running: AgentProcess[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((agent) => agent.stop()));
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../testkit/src/program/${name}.ts`, import.meta.url));
}

interface Started {
  agent: AgentProcess;
  lines: string[];
  errors: string[];
  overlong: number[];
  exited: Promise<ProcessExit>;
  /** Resolves with the line when one that holds `part` has come. */
  line(part: string): Promise<string>;
}

async function start(name: string, args: string[] = [], more: Partial<ProcessOptions> = {}): Promise<Started> {
  const lines: string[] = [];
  const errors: string[] = [];
  const overlong: number[] = [];
  const waiting = new Map<string, (line: string) => void>();
  const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
  const agent = await startProcess({
    command: process.execPath,
    args: [fixture(name), ...args],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '' },
    marker: { session: 'ses_test', server: randomUUID() },
    bounds: QUICK,
    onLine(line) {
      lines.push(line);
      for (const [part, found] of waiting) if (line.includes(part)) found(line);
    },
    onOverlongLine: (bytes) => overlong.push(bytes),
    onStderrLine: (line) => errors.push(line),
    onExit: resolve,
    ...more,
  });
  running.push(agent);
  async function line(part: string): Promise<string> {
    const known = lines.find((text) => text.includes(part));
    return known ?? new Promise((found) => waiting.set(part, found));
  }
  return { agent, lines, errors, overlong, exited, line };
}

const SHELL = { command: '/bin/sh', args: ['-c', 'echo "a complaint" >&2; exec sleep 600'] };
const MIB = 1024 ** 2;

describe('a gigabyte', () => {
  test.each([['line'], ['errors']])(
    'of %s does not fill the memory, and what comes after is heard',
    async (kind) => {
      const before = process.memoryUsage().rss;
      let most = 0;
      const look = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
      }, 20);
      const { lines, errors, overlong, exited } = await start('floods', [kind, '1024']);
      await exited;
      clearInterval(look);
      expect((most - before) / MIB).toBeLessThan(400);
      expect(lines).toContain('{"after":true}');
      expect(overlong).toEqual(kind === 'line' ? [1024 * MIB] : []);
      const told = errors.length;
      expect(told).toBeLessThan(kind === 'line' ? 1 : 20_000);
      const leftOut = errors.reduce(
        (sum, line) => sum + Number(/^\[(\d+) lines were left out\]$/.exec(line)?.[1] ?? 0),
        0,
      );
      const notices = errors.filter((line) => line.startsWith('[')).length;
      expect(told - notices + leftOut).toBe(kind === 'line' ? 0 : 8192 * 1024);
    },
    120_000,
  );
});

// Asks the process table: a zombie that nobody collected still answers to a signal.
async function living(pids: readonly number[]): Promise<number[]> {
  const table = await readProcessTable();
  return pids.filter((pid) => table.some((entry) => entry.pid === pid));
}

function toPids(line: string): number[] {
  const parsed = parseJson(line);
  const value = parsed.ok ? parsed.value : undefined;
  if (typeof value !== 'object' || value === null || !('pids' in value) || !Array.isArray(value.pids)) return [];
  return value.pids.map(Number);
}

describe('starting', () => {
  test('says that a program is missing', async () => {
    await expect(start('never-exits', [], { command: '/nowhere/agent' })).rejects.toMatchObject({
      kind: 'backend-not-installed',
    });
  });

  test('says that what a script is for is missing, not the script', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-script-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const command = join(folder, 'agent');
    writeFileSync(command, '#!/gone/venv/bin/python\n');
    chmodSync(command, 0o755);
    await expect(start('never-exits', [], { command, args: [] })).rejects.toThrow(
      'it is a script for "/gone/venv/bin/python", which is not there',
    );
  });

  test('says that the folder is missing, not the program', async () => {
    await expect(start('never-exits', [], { cwd: '/nowhere' })).rejects.toThrow('the folder /nowhere does not exist');
  });

  test('gives the process only the environment it was told, and the marker', async () => {
    const { agent, line } = await start('echoes-environment', [], {
      env: { PATH: '/bin', MINE: 'yes' },
      marker: { session: 'ses_env', server: 'abc' },
    });
    expect(parseJson(await line('MINE'))).toEqual({
      ok: true,
      value: {
        PATH: '/bin',
        MINE: 'yes',
        BATON_SESSION: 'ses_env',
        BATON_SERVER: 'abc',
        BATON_RUN: expect.any(String),
      },
    });
    await agent.stop();
  });
});

test('the end of one process leaves another of the same session alone', async () => {
  const marker = { session: 'ses_two', server: randomUUID() };
  const long = await start('never-exits', [], { marker });
  const short = await start('exits-at-once', [], { marker });
  await short.exited;
  expect(() => process.kill(long.agent.pid, 0)).not.toThrow();
  await long.agent.stop();
});

describe('talking', () => {
  test('writes lines and reads them back', async () => {
    const { agent, line, exited } = await start('echoes-environment');
    await agent.write('{"hello":"wörld"}');
    expect(await line('hello')).toBe('{"hello":"wörld"}');
    agent.closeInput();
    expect(await exited).toMatchObject({ code: 0, expected: false });
    await expect(agent.write('{}')).rejects.toMatchObject({ kind: 'agent-exited' });
  });

  test('refuses to write a line break', async () => {
    const { agent } = await start('never-exits');
    await expect(agent.write('a\nb')).rejects.toThrow('line break');
  });

  test('joins a line that comes in pieces and keeps the unfinished last one', async () => {
    const { lines, exited } = await start('writes-half-line');
    await exited;
    expect(lines).toEqual(['{"text":"né é 🙂"}', '{"text":"half']);
  });

  test('survives invalid UTF-8, U+2028 and a line over the cap', async () => {
    const { lines, overlong, exited } = await start('invalid-utf8', ['5000'], { maxLineBytes: 1000 });
    await exited;
    expect(lines).toEqual(['{\ufffd\ufffd}', '{"text":"one\u2028line"}', '{"after":true}']);
    expect(overlong).toEqual([5000]);
  });

  test('stops reading while the consumer is behind, then loses nothing', async () => {
    let taken = 0;
    const tenth = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { exited } = await start('floods-stdout', ['20000'], {
      onLine() {
        taken += 1;
        if (taken !== 10) return undefined;
        tenth.resolve();
        return gate.promise;
      },
    });
    await tenth.promise;
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toBe(10);
    gate.resolve();
    await exited;
    expect(taken).toBe(20_001);
  });

  test('reports stderr line by line and keeps the last lines for the end', async () => {
    const { errors, exited } = await start('exits-at-once');
    expect(await exited).toEqual({
      code: 7,
      signal: null,
      expected: false,
      lastErrors: ['first complaint', 'second complaint'],
    });
    expect(errors).toEqual(['first complaint', 'second complaint']);
  });

  test('keeps the reason of a program that Node gave up, not its stack', async () => {
    const { exited } = await start('exits-at-once', [], { args: ['-e', 'require("/gone/agent.js")'] });
    expect((await exited).lastErrors).toEqual(["Error: Cannot find module '/gone/agent.js'"]);
  });

  test('takes what it complained of for no reason of one that was killed', async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const { agent, exited } = await start('never-exits', [], { ...SHELL, onStderrLine: () => resolve() });
    await told;
    process.kill(agent.pid, 'SIGKILL');
    expect(await exited).toMatchObject({ signal: 'SIGKILL', expected: false, lastErrors: [] });
  });

  test('ends a process whose consumer breaks its contract', async () => {
    const { exited } = await start('never-exits', [], {
      onLine() {
        throw new Error('oops');
      },
    });
    expect(await exited).toMatchObject({ signal: 'SIGKILL', lastErrors: ['Baton failed on a line of output: oops'] });
  });
});

describe('stopping', () => {
  test('lets the agent end in its own way first', async () => {
    const { agent, line, exited } = await start('echoes-environment', [], { bounds: PATIENT });
    await line('PATH');
    await agent.stop(async () => agent.closeInput());
    expect(await exited).toMatchObject({ code: 0, signal: null, expected: true });
  });

  test('interrupts what does not end by itself, and is idempotent', async () => {
    const { agent, line, exited } = await start('never-exits');
    await line('ready');
    await Promise.all([agent.stop(), agent.stop()]);
    expect(await exited).toMatchObject({ signal: 'SIGINT', expected: true });
    await agent.stop();
  });

  test('kills what ignores every other signal', async () => {
    // It has to have the time to hear each of them.
    const bounds = { ...QUICK, interruptMs: 2000, terminateMs: 2000 };
    const { agent, line, lines, exited } = await start('ignores-sigterm', [], { bounds });
    await line('ready');
    await agent.stop(() => new Promise(() => {}));
    expect(await exited).toMatchObject({ signal: 'SIGKILL', expected: true });
    expect(lines).toContain('{"got":"SIGINT"}');
    expect(lines).toContain('{"got":"SIGTERM"}');
    expect(await living([agent.pid])).toEqual([]);
  });

  test('kills at once what is not to have a word any more', async () => {
    const { agent, line, lines, exited } = await start('ignores-sigterm');
    await line('ready');
    await agent.kill();
    expect(await exited).toMatchObject({ signal: 'SIGKILL', expected: true });
    expect(lines.join()).not.toContain('SIG');
    expect(await living([agent.pid])).toEqual([]);
  });

  test('ends descendants in their own sessions, without our environment, and orphans', async () => {
    const { agent, line } = await start('spawns-grandchild');
    const pids = toPids(await line('pids'));
    expect(await living(pids)).toEqual(pids);
    expect(pids.length).toBe(4);
    await agent.stop();
    expect(await living(pids)).toEqual([]);
  });

  test('ends what a process left behind when it exited by itself, before it says so', async () => {
    const { lines, exited } = await start('spawns-grandchild', ['exit']);
    expect(await exited).toMatchObject({ code: 3, expected: false });
    const [plain = 0, ownSession = 0, bare = 0, orphan = 0] = toPids(lines[0] ?? '');
    // Nothing leads to the one without our environment any more.
    onTestFinished(() => void process.kill(bare, 'SIGKILL'));
    expect(await living([plain, ownSession, orphan])).toEqual([]);
  });
});
