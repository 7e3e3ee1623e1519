import { readdir } from 'node:fs/promises';
import type { AgentReport } from '@baton/core';
import { describe, expect, test } from 'vitest';
import { checkLaws, ofType } from '../claude/__fixtures__/play.ts';
import { readRecording, replay } from './__fixtures__/replay.ts';

const FIXTURES = new URL('./__fixtures__/', import.meta.url);
const names = (await readdir(FIXTURES))
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.replace('.ndjson', ''));

const play = async (name: string) => replay(await readRecording(name));
const all = async (name: string): Promise<AgentReport[]> =>
  (await play(name)).conversations.flatMap(({ reports }) => reports);
const tools = (reports: readonly AgentReport[]) =>
  ofType(reports, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

describe('every recording', () => {
  test.each(names)('%s gives the reports it gave before', async (name) => {
    const golden = (await all(name)).map((report) => JSON.stringify(report)).join('\n');
    await expect(`${golden}\n`).toMatchFileSnapshot(`./__fixtures__/golden/${name}.ndjson`);
  });

  test.each(names)('%s keeps the laws: all that begins ends once, and inside its turn', async (name) => {
    for (const { reports } of (await play(name)).conversations) checkLaws(reports);
  });

  test.each(names)('%s leaves nothing open and nothing unknown', async (name) => {
    const { conversations, unknown } = await play(name);
    for (const { state } of conversations)
      expect(state).toMatchObject({ turn: undefined, texts: {}, prompts: [], tools: {} });
    expect(unknown.filter((method) => !method.startsWith('fs/'))).toEqual([]);
  });
});

describe('in recordings of real agents', () => {
  test('a request for permission may be the first word of a call, and its command is its title', async () => {
    const reports = await all('gemini-basic');
    const [shell, write] = tools(reports);
    expect(shell).toMatchObject({
      tool: 'run_shell_command',
      kind: 'execute',
      title: 'echo hi; sleep 1; ls',
      input: { command: 'echo hi; sleep 1; ls' },
      status: 'completed',
    });
    expect(write).toMatchObject({
      tool: 'write_file',
      kind: 'edit',
      output: [{ type: 'diff', added: 1, removed: 0, patch: expect.stringContaining('+stub content') }],
    });
    expect(ofType(reports, 'approval.requested')[0]?.options).toEqual([
      { id: 'proceed_always', title: 'Allow for this session', kind: 'allow-always' },
      { id: 'proceed_once', title: 'Allow', kind: 'allow-once' },
      { id: 'cancel', title: 'Reject', kind: 'deny-once', takesNote: true },
    ]);
  });

  test('a change of mode that Gemini CLI says aloud is no message', async () => {
    const reports = await all('gemini-full');
    expect(JSON.stringify(reports)).not.toContain('MODE_UPDATE');
    expect(ofType(reports, 'session.configured').map(({ mode }) => mode)).toContain('yolo');
  });

  test('what is repeated of an earlier conversation is not shown', async () => {
    const reports = await all('gemini-load');
    expect(ofType(reports, 'item.started').map(({ item }) => item.type)).toEqual(['agent-message']);
  });

  test("a subagent's items stand under its call, and its settings are its own", async () => {
    const reports = await all('claude-acp-rich');
    const call = ofType(reports, 'item.started').find(
      ({ item }) => item.type === 'tool-call' && item.kind === 'subagent',
    );
    const inner = ofType(reports, 'item.started').filter(({ parentItemId }) => parentItemId === call?.itemId);
    expect(inner.map(({ item }) => item.type)).toContain('tool-call');
    expect(ofType(reports, 'session.configured').map(({ effort }) => effort)).toEqual(['default']);
  });

  test('forms become questions', async () => {
    expect(ofType(await all('claude-acp-rich'), 'question.asked')[0]?.questions).toMatchObject([
      { id: 'question_0', question: 'Which?', header: 'Pick', options: [{ label: 'A' }, { label: 'B' }] },
    ]);
  });

  test('the end of a command is told in whatever words', async () => {
    for (const name of ['codex-acp-permissions', 'copilot-acp-turns', 'opencode-acp-turns']) {
      const ended = tools(await all(name)).find(({ kind, status }) => kind === 'execute' && status === 'completed');
      expect(ended?.output).toMatchObject([{ type: 'terminal', exitCode: 0 }]);
    }
  });

  test.each([
    ['gemini-errors', ['backend-not-authenticated', 'model-failed']],
    ['claude-acp-errors', ['backend-not-authenticated', 'rate-limited', 'model-failed']],
  ])('%s says why turns failed', async (name, kinds) => {
    const failed = ofType(await all(name), 'turn.ended').flatMap(({ error }) => (error === undefined ? [] : [error]));
    expect(failed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    for (const { message } of failed) expect(message).not.toContain('{');
  });

  test('tokens that are told as a running total are counted once', async () => {
    const ends = ofType(await all('copilot-acp-turns'), 'turn.ended');
    expect(ends.slice(0, 2).map(({ usage }) => usage?.inputTokens)).toEqual([900, 1800]);
  });
});
