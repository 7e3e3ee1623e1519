import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type Place, toFixtureAgent } from './__fixtures__/open-acp.ts';

let place: Place;
let agent: OpenAcp | undefined;

beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await agent?.session.stop();
  await place.remove();
});

function open(how: string): OpenAcp {
  const stop = { protocolMs: 100, interruptMs: 200, terminateMs: 200 };
  agent = openAcp({ place, definition: toFixtureAgent(how), backend: { bounds: { stop, settleMs: 30 } } });
  return agent;
}

test.each([
  ['flood-one-line', /does not speak the Agent Client Protocol: all work/],
  ['language-server', /does not speak the Agent Client Protocol: Content-Length: 19/],
  ['refuse', /refused the handshake of the protocol: Not today: no licence\. Check/],
  ['refuse-in-words', /refused the handshake of the protocol: no licence\. Check/],
  ['refuse-without-code', /refused the handshake of the protocol: no licence\. Check/],
  ['refuse-nothing', /refused the handshake of the protocol: Parse error\. Check/],
])('that answers the handshake badly is told of at once: %s', async (how, message) => {
  const { failure } = await open(how).nth('agent.exited');
  expect(failure).toMatchObject({ message: expect.stringMatching(message) });
});

test('that floods its errors without a line break is quoted', async () => {
  const agent = open('flood-errors');
  expect(await agent.nth('agent.output')).toMatchObject({
    text: expect.stringMatching(/^all work and no play.* \[cut\]$/s),
  });
});

test('that gives our numbers back as strings is understood', async () => {
  expect(await open('string-ids').run('hello')).toMatchObject({ outcome: 'completed' });
});
