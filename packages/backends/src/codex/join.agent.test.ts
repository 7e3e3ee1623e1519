import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { OpenSession } from '../agent/__fixtures__/open-session.ts';
import { type OtherClient, connectOther } from './__fixtures__/other-client.ts';
import { answer, checkLaws, findCommands, said, setStage, waitForFile } from './__fixtures__/stage.ts';

const stage = setStage();
const others: OtherClient[] = [];

afterEach(() => {
  for (const other of others.splice(0)) other.close();
});

/** Somebody in the same conversation, with Codex's own program. */
async function joinWith(codex: OpenSession): Promise<{ other: OtherClient; threadId: string }> {
  const { join: command = [], nativeId: threadId = '' } = await codex.nth('agent.started');
  expect(command).toEqual(['codex', '--remote', expect.stringMatching(/^unix:\/\//), 'resume', threadId]);
  const other = await connectOther(command[2] ?? '');
  others.push(other);
  await other.request('thread/resume', { threadId, excludeTurns: true });
  return { other, threadId };
}

const listWays = () =>
  readdirSync(join(stage.place.root, 'data', 'codex'), { recursive: true })
    .map(String)
    .filter((name) => /\.(sock|token)$/.test(name));

const toInput = (text: string) => [{ type: 'text', text, text_elements: [] }];

test('shows what somebody says to Codex in its own program, and what comes of it', async () => {
  const codex = stage.open();
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  await other.request('turn/start', { threadId, input: toInput('there'), clientUserMessageId: 'other-1' });
  const begun = await codex.nth('turn.started');
  expect(begun).toMatchObject({ by: 'agent', input: [{ type: 'text', text: 'there' }] });
  expect(await codex.nth('turn.ended', 2)).toMatchObject({ turnId: begun.turnId, outcome: 'completed' });
  expect(said(codex)).toBe('You said: here\nYou said: there');
  expect(await codex.run('here again')).toMatchObject({ outcome: 'completed' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('ends a turn that began there', async () => {
  const codex = stage.open();
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  const input = toInput('[scene codex] count words');
  await other.request('turn/start', { threadId, input, clientUserMessageId: 'other-1' });
  const { turnId } = await codex.nth('turn.started');
  await codex.nth('item.delta', 3);
  await codex.session.interrupt?.();
  expect(await codex.nth('turn.ended', 2)).toMatchObject({ turnId, outcome: 'interrupted' });
});

test('takes back what was answered there, and shows what was added there to a turn of its own', async () => {
  const codex = stage.open({ mode: 'ask' });
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  const turn = codex.run('[scene approval] go');
  const { approvalId } = await codex.nth('approval.requested');
  await other.request('turn/start', { threadId, input: toInput('Hurry up'), clientUserMessageId: 'other-1' });
  other.answer(await other.asked('item/commandExecution/requestApproval'), { decision: 'accept' });
  const reason = expect.stringContaining('elsewhere');
  expect(await codex.nth('approval.withdrawn')).toMatchObject({ approvalId, reason });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  // Codex does not wait for a command when somebody has more to say.
  expect(await waitForFile(codex, 'note.txt')).toBe('hello');
  expect(codex.of('item.ended').map(({ item }) => item)).toContainEqual({
    type: 'user-message',
    parts: [{ type: 'text', text: 'Hurry up' }],
  });
});

test('is over for both when it is stopped here, and for nobody else', async () => {
  const codex = stage.open();
  const bystander = stage.open();
  await bystander.run('[scene echo] bystander');
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  await codex.session.stop();
  expect(codex.of('agent.exited')).toMatchObject([{ expected: true }]);
  const late = other.request('turn/start', { threadId, input: toInput('Are you there?') });
  await expect(late).rejects.toThrow('not found');
  expect(await bystander.run('still here')).toMatchObject({ outcome: 'completed' });
  const again = stage.open({ nativeId: threadId });
  expect(await again.run('back')).toMatchObject({ outcome: 'completed' });
  expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('You said: here');
});

test('says what became of it when somebody archived it there, and goes on with the next prompt', async () => {
  const codex = stage.open();
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  await other.request('thread/archive', { threadId });
  const { failure, expected } = await codex.nth('agent.exited');
  expect(expected).toBe(false);
  expect(failure?.message).toMatch('Somebody archived this conversation in Codex itself. Send a prompt');
  checkLaws(codex.reports);
  const again = stage.open({ nativeId: threadId });
  expect(await again.run('back')).toMatchObject({ outcome: 'completed' });
  expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('You said: here');
});

test('ends when somebody deletes it there, in the middle of a turn too', async () => {
  const codex = stage.open();
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  const deltas = codex.of('item.delta').length;
  void codex.send('[scene codex] count words');
  await codex.nth('item.delta', deltas + 3);
  await other.request('thread/delete', { threadId });
  const { failure } = await codex.nth('agent.exited');
  expect(failure?.message).toMatch('Somebody deleted this conversation in Codex itself. Start a new session');
});

test('is not disturbed by somebody who asks for nonsense and leaves in the middle of an approval', async () => {
  const codex = stage.open({ mode: 'ask' });
  await codex.run('[scene echo] here');
  const { other } = await joinWith(codex);
  const turn = codex.run('[scene approval] go');
  await other.asked('item/commandExecution/requestApproval');
  const nonsense = Array.from({ length: 300 }, (_, at) => other.request(`no/such/${at}`, { threadId: at }));
  expect((await Promise.allSettled(nonsense)).every(({ status }) => status === 'rejected')).toBe(true);
  other.close();
  await answer(codex, 'allow');
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(codex.of('approval.withdrawn')).toEqual([]);
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('says that somebody let it go further there, and asks again in a turn from here', async () => {
  const codex = stage.open({ mode: 'ask' });
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  const further = { approvalPolicy: 'never', sandboxPolicy: { type: 'dangerFullAccess' } };
  const input = toInput('[scene echo] there');
  await other.request('turn/start', { threadId, input, clientUserMessageId: 'other-1', ...further });
  await codex.nth('turn.ended', 2);
  const told = codex.of('notice.raised').map(({ text }) => text);
  expect(told).toContainEqual(expect.stringContaining('it never asks, without a sandbox'));
  void codex.send('[scene approval] go');
  await codex.nth('approval.requested');
  expect(codex.of('notice.raised').filter(({ text }) => text.includes('Somebody changed'))).toHaveLength(1);
});

/** The points that Codex said it has, of all the times that it said so. */
const left = (codex: OpenSession) => codex.of('agent.went-back').map(({ points }) => points);

test('says what is left when somebody goes back there, and goes on from there', async () => {
  const codex = stage.open();
  const [one, two, three] = [await codex.run('[scene echo] one'), await codex.run('two'), await codex.run('three')];
  const { other, threadId } = await joinWith(codex);
  await other.request('thread/revert', { threadId, beforeTurnId: two.point });
  await codex.nth('agent.went-back');
  const four = await codex.run('four');
  expect(four).toMatchObject({ outcome: 'completed', usage: { inputTokens: one.usage?.inputTokens } });
  const asked = JSON.stringify(stage.rehearsal.requests().at(-1)?.body);
  expect(asked).toContain('You said: one');
  expect(asked).not.toContain('You said: three');
  await other.request('thread/revert', { threadId, beforeTurnId: one.point });
  await codex.nth('agent.went-back', 2);
  expect(left(codex)).toEqual([[one.point], []]);
  expect(left(codex).flat()).not.toContain(three.point);
  expect(codex.of('raw.received')).toEqual([]);
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('ends the turn that somebody there goes back over, with all that runs in it, and then says what is left', async () => {
  const codex = stage.open({ mode: 'full-access' });
  const { point } = await codex.run('hello');
  const { other, threadId } = await joinWith(codex);
  const turn = codex.run('Please leave something running');
  await waitForFile(codex, 'pid.txt');
  await codex.until((report) => report.type === 'item.started' && report.item.type === 'tool-call');
  const page = await other.request('thread/turns/list', { threadId, limit: 1 });
  const { data } = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(page);
  await other.request('thread/revert', { threadId, beforeTurnId: data[0]?.id });
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  await codex.nth('agent.went-back');
  expect(left(codex)).toEqual([[point]]);
  expect(findCommands(stage.place.cwd)).toEqual([]);
  const types = codex.reports.map(({ type }) => type);
  expect(types.lastIndexOf('turn.ended')).toBeLessThan(types.indexOf('agent.went-back'));
  expect(await codex.run('and now')).toMatchObject({ outcome: 'completed' });
  await codex.session.stop();
  checkLaws(codex.reports);
});

test('says what is left when it is opened again, and nothing when it is new', async () => {
  const codex = stage.open();
  const { point } = await codex.run('[scene echo] one');
  const { point: gone } = await codex.run('two');
  await codex.session.stop();
  expect(left(codex)).toEqual([]);
  const { nativeId } = await codex.nth('agent.started');
  const bystander = stage.open();
  const { join: command = [] } = await bystander.nth('agent.started');
  const other = await connectOther(command[2] ?? '');
  others.push(other);
  await other.request('thread/resume', { threadId: nativeId, excludeTurns: true });
  await other.request('thread/revert', { threadId: nativeId, beforeTurnId: gone });
  await other.request('thread/unsubscribe', { threadId: nativeId });
  while (JSON.stringify(await other.request('thread/loaded/list', {})).includes(String(nativeId)));
  const again = stage.open({ nativeId });
  const { point: next } = await again.run('three');
  await again.nth('agent.went-back');
  expect(left(again)).toEqual([[next, point]]);
});

test('says which turns it has when it is opened again, those first that were added elsewhere', async () => {
  const codex = stage.open();
  const { point } = await codex.run('[scene echo] one');
  await codex.session.stop();
  const { nativeId } = await codex.nth('agent.started');
  // As its own program would: nobody here hears of it.
  const elsewhere = stage.open({ nativeId });
  const { point: added } = await elsewhere.run('two');
  await elsewhere.session.stop();
  const again = stage.open({ nativeId });
  expect(await again.nth('agent.went-back')).toMatchObject({ points: [added, point], isOpened: true });
});

test('has nothing left to say of a conversation that has had no turn', async () => {
  const { nativeId } = await stage.open().nth('agent.started');
  const codex = stage.open({ nativeId });
  await codex.until((report) => report.type === 'agent.ready');
  await codex.session.stop();
  expect(codex.of('notice.raised')).toEqual([]);
});

test('works in a folder of any name', async () => {
  const dataDir = join(stage.place.root, 'Ordner ü %41?x#y:z');
  const codex = stage.open({}, stage.another({ dataDir }));
  expect(await codex.run('[scene echo] here')).toMatchObject({ outcome: 'completed' });
  await joinWith(codex);
});

test('listens on a port with a secret where there are no sockets that are files', async () => {
  const backend = stage.another({ transport: 'loopback' });
  const codex = stage.open({}, backend);
  expect(await codex.run('[scene echo] hello')).toMatchObject({ outcome: 'completed' });
  expect(said(codex)).toBe('You said: hello');
  expect((await codex.nth('agent.started')).join).toBeUndefined();
  // The secret was needed once.
  expect(listWays()).toEqual([]);
});

test('leaves no socket behind, not even that of a process that was killed', async () => {
  const first = stage.open();
  await first.run('[scene echo] one');
  expect(listWays()).toHaveLength(1);
  process.kill((await first.nth('agent.started')).pid ?? 0, 'SIGKILL');
  await first.nth('agent.exited');
  expect(listWays()).toEqual([]);
  const second = stage.open({}, stage.another({ transport: 'loopback' }));
  await second.run('[scene echo] two');
  await stage.backend.close?.();
});

test('forks a conversation that is in the archive, and leaves it there', async () => {
  const codex = stage.open();
  const bystander = stage.open();
  await codex.run('[scene echo] here');
  const { other, threadId } = await joinWith(codex);
  await bystander.run('[scene echo] bystander');
  await codex.session.stop();
  await other.request('thread/archive', { threadId });
  const fork = stage.open({ branch: { kind: 'fork', nativeId: threadId } });
  expect(await fork.run('[scene echo] elsewhere')).toMatchObject({ outcome: 'completed' });
  expect(JSON.stringify(stage.rehearsal.requests().at(-1)?.body)).toContain('You said: here');
  await expect(other.request('thread/resume', { threadId, excludeTurns: true })).rejects.toThrow('archived');
});
