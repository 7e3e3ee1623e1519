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
