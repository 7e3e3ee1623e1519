import { createManualClock } from '@baton/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type Place, toFixtureAgent } from './__fixtures__/open-acp.ts';
import { BOUNDS } from './settings.ts';

// An agent that asks its user before it has a conversation, such as whether the folder is to be trusted.
const PAUSE_MS = 10 * BOUNDS.openMs;
let place: Place;
let agent: OpenAcp | undefined;

beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await agent?.session.stop();
  await place.remove();
});

async function open(how: string) {
  const clock = createManualClock();
  const stop = { protocolMs: 100, interruptMs: 200, terminateMs: 200 };
  const opened = openAcp({ place, definition: toFixtureAgent(how), backend: { clock, bounds: { stop } } });
  agent = opened;
  const turn = opened.run('hello');
  await opened.nth('approval.requested');
  clock.advance(PAUSE_MS);
  return { agent: opened, clock, turn };
}

test('waits for a person as long as they take, and then begins', async () => {
  const { agent, turn } = await open('asks-first');
  await agent.answer('allow-once');
  expect(await turn).toMatchObject({ outcome: 'completed' });
  expect(agent.of('agent.exited')).toEqual([]);
});

test('has the same time as any other when it has its answer', async () => {
  const { agent, clock } = await open('asks-first-and-hangs');
  await agent.answer('allow-once');
  clock.advance(BOUNDS.openMs - 1000);
  expect(agent.of('agent.exited')).toEqual([]);
  clock.advance(2000);
  expect(await agent.nth('agent.exited')).toMatchObject({ failure: { kind: 'agent-unresponsive' } });
});

test('is told no when its user interrupts, and takes the next prompt', async () => {
  const { agent, turn } = await open('asks-first');
  await agent.session.interrupt?.();
  expect(await turn).toMatchObject({ outcome: 'interrupted' });
  expect(agent.of('approval.withdrawn')).toHaveLength(1);
  expect(await agent.run('again')).toMatchObject({ outcome: 'completed' });
});

test('ends when it is told to while it waits', async () => {
  const { agent } = await open('asks-first');
  await agent.session.stop();
  expect(agent.reports.at(-1)).toMatchObject({ type: 'agent.exited', expected: true });
});
