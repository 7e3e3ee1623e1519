import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentReport, AgentSession, OpenOptions } from '@baton/core';
import { createId } from '@baton/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClaudeBackend } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'claude-index-')));
});
afterAll(() => rm(folder, { recursive: true }));

interface Opened {
  session: AgentSession;
  reports: AgentReport[];
  exited: Promise<AgentReport>;
}

// Node stands in for a program that is there and is not Claude Code: it knows `--version` and refuses all else.
function open(executable: string, more: Partial<OpenOptions> = {}): Opened {
  const reports: AgentReport[] = [];
  const { promise: exited, resolve } = Promise.withResolvers<AgentReport>();
  const backend = createClaudeBackend({ executable, env: { PATH: process.env['PATH'], HOME: folder } });
  const session = backend.open({
    sessionId: createId('session'),
    cwd: folder,
    env: {},
    async *history() {},
    report(report) {
      reports.push(report);
      if (report.type === 'agent.exited') resolve(report);
    },
    ...more,
  });
  return { session, reports, exited };
}

describe('a session that cannot start', () => {
  test('says that the program is missing and how to get it, and nothing else', async () => {
    const { session, reports, exited } = open('/nowhere/claude');
    const turn = session.prompt({ turnId: createId('turn'), input: [{ type: 'text', text: 'hello' }] });
    await expect(turn).rejects.toMatchObject({ kind: 'backend-not-installed' });
    expect(await exited).toMatchObject({
      expected: false,
      failure: { kind: 'backend-not-installed', message: expect.stringContaining('looked in /nowhere/claude') },
    });
    await session.stop();
    expect(reports.length).toBe(1);
  });

  test('says that the mode does not exist', async () => {
    const { exited } = open(process.execPath, { mode: 'yolo' });
    expect(await exited).toMatchObject({
      failure: { kind: 'invalid-input', message: expect.stringContaining('"yolo"') },
    });
  });

  test('says that the folder is gone', async () => {
    const { exited } = open(process.execPath, { cwd: join(folder, 'gone') });
    expect(await exited).toMatchObject({ failure: { message: expect.stringContaining('does not exist') } });
  });

  test('gives the last words of a program that ends at once', async () => {
    const { reports, exited } = open(process.execPath);
    expect(await exited).toMatchObject({
      code: 9,
      expected: false,
      failure: { kind: 'agent-exited', message: expect.stringContaining('bad option') },
    });
    // It may speak, and even end, before its version is known; nothing comes after its end.
    const types = reports.map(({ type }) => type);
    expect(types.filter((type) => type !== 'agent.started')).toEqual(['agent.output', 'agent.exited']);
    expect(types.at(-1)).toBe('agent.exited');
  });

  test('ends as asked when it is stopped before it began', async () => {
    const { session, reports, exited } = open(process.execPath);
    await session.stop();
    expect(await exited).toMatchObject({ expected: true });
    expect(reports.filter(({ type }) => type === 'agent.exited').length).toBe(1);
  });

  test('lets an interrupt end a prompt that was never sent', async () => {
    const { session, reports, exited } = open('/nowhere/claude');
    const turnId = createId('turn');
    const turn = session.prompt({ turnId, input: [{ type: 'text', text: 'hello' }] });
    turn.catch(() => {});
    await session.interrupt?.();
    expect(reports[0]).toEqual({ type: 'turn.ended', turnId, outcome: 'interrupted' });
    await exited;
  });
});

describe('probe', () => {
  const probe = (executable: string, env: Record<string, string> = {}) =>
    createClaudeBackend({ executable, env: { PATH: process.env['PATH'], HOME: folder } }).probe(env);

  test('says what is missing, and never throws', async () => {
    expect(await probe('/nowhere/claude')).toMatchObject({
      id: 'claude',
      installed: false,
      authenticated: 'unknown',
      problem: expect.stringContaining('npm install -g @anthropic-ai/claude-code'),
    });
  });

  test('says what was found, where, and whether there is a key', async () => {
    const path = process.execPath;
    expect(await probe(path, { ANTHROPIC_API_KEY: 'k' })).toMatchObject({
      installed: true,
      path,
      authenticated: 'yes',
    });
    expect(await probe(path)).toMatchObject({ installed: true, authenticated: 'unknown' });
  });
});
