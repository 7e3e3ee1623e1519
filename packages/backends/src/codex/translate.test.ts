import { readdirSync } from 'node:fs';
import type { AgentReport } from '@baton/core';
import { sessionEventSchema } from '@baton/protocol';
import { describe, expect, test } from 'vitest';
import { readRecording, replay } from './__fixtures__/replay.ts';

const names = readdirSync(new URL('./__fixtures__/', import.meta.url))
  .filter((name) => name.endsWith('.ndjson'))
  .map((name) => name.replace('.ndjson', ''));

const ofType = <T extends AgentReport['type']>(reports: readonly AgentReport[], type: T) =>
  reports.filter((report): report is Extract<AgentReport, { type: T }> => report.type === type);

const play = async (name: string) => replay(await readRecording(name)).flatMap(({ reports }) => reports);

const tools = (reports: readonly AgentReport[]) =>
  ofType(reports, 'item.ended').flatMap(({ item }) => (item.type === 'tool-call' ? [item] : []));

const said = (reports: readonly AgentReport[]) =>
  ofType(reports, 'item.ended').flatMap(({ item }) => (item.type === 'agent-message' ? [item.text] : []));

/** What holds for the reports of any conversation: all that begins ends once, and inside its turn. */
function checkLaws(reports: readonly AgentReport[]): void {
  const open = new Set<string>();
  const closed = new Set<string>();
  const begin = (id: string) => {
    expect(open.has(id) || closed.has(id), `${id} begins once`).toBe(false);
    open.add(id);
  };
  const end = (id: string) => {
    expect(open.delete(id), `${id} was open when it ended`).toBe(true);
    closed.add(id);
  };
  for (const report of reports) {
    if (report.type === 'item.delta') expect(open).toContain(report.itemId);
    else if (report.type !== 'turn.ended') sessionEventSchema.parse(report);
    if (report.type === 'item.started') begin(report.itemId);
    if (report.type === 'item.ended') end(report.itemId);
    if (report.type === 'turn.started') begin(report.turnId);
    if (report.type !== 'turn.ended') continue;
    if (!report.turnId.startsWith('trn_prompt')) end(report.turnId);
    expect([...open], 'all is closed when a turn ends').toEqual([]);
  }
}

describe('every recording', () => {
  test.each(names)('%s gives the reports it gave before', async (name) => {
    const golden = (await play(name)).map((report) => JSON.stringify(report)).join('\n');
    await expect(`${golden}\n`).toMatchFileSnapshot(`./__fixtures__/golden/${name}.ndjson`);
  });

  test.each(names)('%s keeps the laws, and has nothing unknown', async (name) => {
    for (const { reports } of replay(await readRecording(name))) checkLaws(reports);
    expect(ofType(await play(name), 'raw.received')).toEqual([]);
  });

  test.each(names)('%s leaves nothing open when its turns are over', async (name) => {
    const over = replay(await readRecording(name)).filter(({ state }) => state.turn === undefined);
    expect(over.flatMap(({ state }) => [...state.texts, ...state.prompts, ...Object.keys(state.tools)])).toEqual([]);
  });
});

test('streams text and then gives it whole, with what it cost', async () => {
  const reports = await play('simple-turn');
  const whole = said(reports).join('');
  expect(
    ofType(reports, 'item.delta')
      .filter(({ field }) => field === 'text')
      .map(({ text }) => text)
      .join(''),
  ).toContain(whole);
  expect(ofType(reports, 'turn.ended')).toMatchObject([
    { outcome: 'completed', point: expect.any(String), usage: { outputTokens: expect.any(Number) } },
  ]);
});

test('asks for a command in the words a person would type, and tells what came of it', async () => {
  const [allowed, denied] = await Promise.all([play('command-approval-accept'), play('command-approval-decline')]);
  const [asked] = ofType(allowed, 'approval.requested');
  expect(asked?.title).not.toContain('/bin/bash');
  expect(asked?.options.map(({ id, kind }) => [id, kind])).toEqual([
    ['allow', 'allow-once'],
    ['always', 'allow-always'],
    ['deny', 'deny-once'],
  ]);
  expect(asked?.itemId).toBe(ofType(allowed, 'item.started').find(({ item }) => item.type === 'tool-call')?.itemId);
  expect(tools(allowed)).toMatchObject([{ status: 'completed', output: [{ type: 'terminal', exitCode: 0 }] }]);
  expect(tools(denied)).toMatchObject([{ status: 'denied' }]);
});

test('shows new files and changes as unified diffs', async () => {
  const [added, changed] = tools(await play('file-change'));
  expect(added).toMatchObject({
    kind: 'edit',
    output: [
      { type: 'diff', added: 2, removed: 0, patch: expect.stringMatching(/^--- \/dev\/null\n\+\+\+ .*hello\.txt\n@@/) },
    ],
  });
  expect(changed).toMatchObject({ title: 'Edit hello.txt', output: [{ added: 1, removed: 1 }] });
});

test('closes what an interrupt leaves open', async () => {
  const reports = await play('interrupt');
  expect(tools(reports)).toMatchObject([
    { status: 'interrupted', output: [{ text: expect.stringContaining('tick') }] },
  ]);
  expect(ofType(reports, 'turn.ended')).toMatchObject([{ outcome: 'interrupted' }]);
});

test('lets a command run on in the background, and says when it ends', async () => {
  const reports = await play('background-terminal');
  expect(tools(reports)[0]).toMatchObject({
    status: 'completed',
    output: [{ text: expect.stringContaining('runs on') }],
  });
  expect(ofType(reports, 'notice.raised').map(({ text }) => text)).toContainEqual(
    expect.stringContaining('Ended in the background'),
  );
});

test.each(['multiagent-v1', 'multiagent-v2'])('nests the work of subagents (%s)', async (name) => {
  const reports = await play(name);
  const started = ofType(reports, 'item.started');
  const call = started.find(({ item }) => item.type === 'tool-call' && item.kind === 'subagent');
  const inner = started.filter(({ parentItemId }) => parentItemId === call?.itemId);
  expect(inner.length).toBeGreaterThan(0);
  expect(call?.parentItemId).toBeUndefined();
});

test('asks questions and shows plans', async () => {
  const reports = await play('plan-mode-user-input');
  expect(ofType(reports, 'question.asked')).toMatchObject([
    { questions: [{ question: 'Which color?', options: [{ label: 'Red' }, {}] }] },
  ]);
  expect(said(reports)).toContain('# Plan\n- do it\n');
  expect(ofType(await play('update-plan'), 'plan.updated')).toMatchObject([
    {
      entries: [
        { title: 'one', status: 'in-progress' },
        { title: 'two', status: 'pending' },
      ],
    },
  ]);
});

test('asks for tools and forms of MCP servers, and for permissions', async () => {
  const reports = await play('mcp-elicitation');
  expect(ofType(reports, 'approval.requested')).toMatchObject([
    {
      action: { kind: 'mcp', tool: 'mcp__plane__ask' },
      options: [{ id: 'allow' }, { id: 'always' }, { id: 'always-everywhere' }, { id: 'deny' }],
    },
  ]);
  expect(ofType(reports, 'question.asked')).toMatchObject([
    { questions: [{ id: 'name', question: 'Your name? · name' }] },
  ]);
  expect(ofType(await play('permissions-request'), 'approval.requested')[0]).toMatchObject({
    title: expect.stringContaining('use the network'),
    risk: { reasons: ['need net'] },
  });
});

test('says why turns failed and what to do, and warns of a retry once in a turn', async () => {
  const reports = await play('failures');
  const ends = ofType(reports, 'turn.ended').filter(({ outcome }) => outcome === 'failed');
  const kinds = new Set(ends.map(({ error }) => error?.kind));
  for (const kind of ['backend-not-authenticated', 'rate-limited', 'quota-exceeded', 'model-failed'] as const)
    expect(kinds).toContain(kind);
  for (const { error } of ends) expect(error?.message).toMatch(/\. \S.*\.$/);
});
