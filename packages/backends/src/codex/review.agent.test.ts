import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { OpenSession } from '../agent/__fixtures__/open-session.ts';
import { type OtherClient, connectOther } from './__fixtures__/other-client.ts';
import { checkLaws, findCommands, items, setStage, tools, waitForFile } from './__fixtures__/stage.ts';

const stage = setStage();
let other: OtherClient | undefined;

afterEach(() => other?.close());

const FINDINGS =
  'It cannot divide.\n\nReview comment:\n\n- [P1] Do not divide by zero — /w/a.ts:2-3\n  When b is 0 this throws.';
const SHOWN = [
  { type: 'reasoning', text: 'It divides.' },
  { type: 'agent-message', text: FINDINGS },
];
const notices = (codex: OpenSession) => codex.of('notice.raised').map(({ text }) => text);

test.each([
  ['/review', 'Codex reviews current changes.', 'staged, unstaged, and untracked'],
  ['/review branch main', "Codex reviews changes against 'main'.", "against the base branch 'main'"],
  ['/review commit deadbeef', 'Codex reviews commit deadbee.', 'introduced by commit deadbeef'],
  ['/review find fault', 'Codex reviews find fault.', 'find fault'],
])('%s shows what it found, as words', async (prompt, told, asked) => {
  const codex = stage.open();
  await promisify(execFile)('git', ['init', '--quiet', stage.place.cwd]);
  expect(await codex.run(prompt)).toMatchObject({ outcome: 'completed', point: expect.any(String) });
  expect(items(codex)).toEqual(SHOWN);
  expect(notices(codex)).toContain(told);
  expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain(asked);
  // The conversation knows what was found.
  await codex.run('hello');
  expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('Do not divide by zero');
  await codex.session.stop();
  expect(codex.of('raw.received')).toEqual([]);
  checkLaws(codex.reports);
});

test('a review that somebody began in Codex itself is a turn, and ends', async () => {
  const codex = stage.open();
  await codex.run('hello');
  const { join = [], nativeId: threadId } = await codex.nth('agent.started');
  other = await connectOther(join[2] ?? '');
  await other.request('thread/resume', { threadId, excludeTurns: true });
  const before = items(codex).length;
  await other.request('review/start', { threadId, target: { type: 'custom', instructions: 'find fault' } });
  const { turnId } = await codex.nth('turn.started');
  expect(await codex.nth('turn.ended', 2)).toMatchObject({ turnId, outcome: 'completed' });
  expect(items(codex).slice(before)).toEqual(SHOWN);
  expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('a review that is interrupted ends with the command that it runs', async () => {
  const codex = stage.open({ mode: 'auto' });
  const turn = codex.run('/review leave something running');
  await waitForFile(codex, 'pid.txt');
  await codex.until((report) => report.type === 'item.started' && report.item.type === 'tool-call');
  await codex.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(findCommands(stage.place.cwd)).toEqual([]);
  expect(tools(codex)).toMatchObject([{ status: 'interrupted' }]);
  expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('a review that cannot begin fails with the reason, and the conversation goes on', async () => {
  const codex = stage.open();
  const { outcome, error } = await codex.run('/review branch main');
  expect(outcome).toBe('failed');
  expect(error?.message).toContain('is not a git repository');
  expect(await codex.run('hello')).toMatchObject({ outcome: 'completed' });
  await codex.session.stop();
  checkLaws(codex.reports);
});
