import type { AgentReport } from '@baton/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createPlace,
  openAcp,
  type OpenAcp,
  type OpenChoice,
  type Place,
  toFixtureAgent,
} from './__fixtures__/open-acp.ts';

// Whole processes: what a channel does with single messages is in `rpc.test.ts`.
let place: Place;
let agent: OpenAcp;

beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await agent.session.stop();
  await place.remove();
});

function open(how = 'good', choice: Partial<OpenChoice> = {}): OpenAcp {
  const stop = { protocolMs: 500, interruptMs: 200, terminateMs: 200 };
  agent = openAcp({ place, definition: toFixtureAgent(how), backend: { bounds: { stop, settleMs: 30 } }, ...choice });
  return agent;
}

const said = (): string[] =>
  agent.of('item.ended').flatMap(({ item }) => (item.type === 'agent-message' ? [item.text] : []));

test('a turn, its end and what comes after it are told apart in one piece of output', async () => {
  await open().run('burst');
  const own = await agent.nth('turn.started');
  await agent.until((report) => report.type === 'turn.ended' && report.turnId === own.turnId);
  expect(said()).toEqual([Array.from({ length: 500 }, (_, at) => `${at} `).join(''), 'after the turn']);
  const types = agent.reports.map(({ type }) => type);
  expect(types.indexOf('turn.ended')).toBeLessThan(types.indexOf('turn.started'));
});

test.each(['updates', 'others'])('an agent that floods is not read on while the log is slow: %s', async (kind) => {
  const slow = Promise.withResolvers<void>();
  const poured: AgentReport[] = [];
  const unread: string[] = [];
  const stuck = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  // As the engine does it: what is about to be written down holds the agent.
  const report = (each: AgentReport): void | Promise<void> => {
    if (each.type === 'agent.output') {
      unread.push(each.text);
      // Of what an agent writes and nobody reads, the same is left again and again.
      if (poured.length > 0 && unread.length > 20 && new Set(unread.slice(-10)).size === 1) stuck.resolve();
      return undefined;
    }
    if (each.type === 'turn.ended') ended.resolve();
    if (each.type !== 'item.delta' && each.type !== 'raw.received') return undefined;
    poured.push(each);
    return slow.promise;
  };
  open('good', { open: { report } });
  await agent.send(`pour ${kind}`);
  await stuck.promise;
  expect(poured.length).toBe(1);
  slow.resolve();
  await ended.promise;
  expect(poured.length).toBe(150);
});

test('an agent that names no version of JSON-RPC is understood', async () => {
  const turn = open('without-version').run('two');
  await agent.answer('allow-once', 1);
  await agent.answer('deny-once', 2);
  expect(await turn).toMatchObject({ outcome: 'completed' });
});

test('two requests with one id are two, each with its own answer', async () => {
  const turn = open().run('twice');
  const second = await agent.nth('approval.requested', 2);
  await agent.session.answerApproval?.({ approvalId: second.approvalId, option: 'ever-2' });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(said()).toEqual(['ever-2']);
});

test('what the agent takes back is withdrawn, and answered once', async () => {
  await open().run('take-back');
  expect(agent.of('approval.withdrawn')).toHaveLength(1);
  expect(said()).toEqual(['[{"outcome":{"outcome":"cancelled"}},-32800]']);
});

test('an agent that ends in the middle of a request of ours fails it, with the reason', async () => {
  await open('dies-choosing').run('hello');
  await expect(agent.session.configure?.({ mode: 'go' })).rejects.toMatchObject({
    kind: 'agent-exited',
    message: expect.stringContaining('ended with code 9'),
  });
});
