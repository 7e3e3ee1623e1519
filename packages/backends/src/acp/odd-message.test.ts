import { usageSchema } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Place, createPlace, openAcp, toFixtureAgent } from './__fixtures__/open-acp.ts';

let place: Place;

beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

test('a message that is nested absurdly deep is kept as what it is, and can be written down', async () => {
  const agent = openAcp({ place, definition: toFixtureAgent('good') });
  expect(await agent.run('deep')).toMatchObject({ outcome: 'completed' });
  expect(JSON.stringify(agent.of('raw.received'))).toContain('x/deep');
  await agent.session.stop();
});

test('an answer to a prompt that is no answer fails the turn, and the agent takes the next prompt', async () => {
  const agent = openAcp({ place, definition: toFixtureAgent('good') });
  const end = await agent.run('answer-words');
  expect(end).toMatchObject({ outcome: 'failed', error: { kind: 'agent-unresponsive' } });
  expect(end.error?.message).toContain('something that Baton cannot read');
  expect(await agent.run('hello')).toMatchObject({ outcome: 'completed' });
  expect(agent.of('agent.exited')).toEqual([]);
  await agent.session.stop();
});

test('numbers that cannot be counts become some that can be stored', async () => {
  const agent = openAcp({ place, definition: toFixtureAgent('good') });
  const { usage } = await agent.run('answer-much');
  expect(usageSchema.parse(usage)).toMatchObject({ inputTokens: 1e12, outputTokens: 0 });
  await agent.session.stop();
});
