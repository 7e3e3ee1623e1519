import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@baton/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlace, openAcp, type OpenAcp, type Place, toFixtureAgent } from './__fixtures__/open-acp.ts';

// The official library knows the protocol's schema: what we send, it has to take.
const definition = toFixtureAgent('', {
  args: [fileURLToPath(new URL('./__fixtures__/sdk-agent.mjs', import.meta.url))],
});

let place: Place;
let agent: OpenAcp;
beforeEach(async () => {
  place = await createPlace();
});
afterEach(async () => {
  await agent.session.stop();
  await place.remove();
});

test('an agent of the official library understands everything that Baton says', async () => {
  agent = openAcp({ place, definition, open: { effort: 'high' } });
  const path = join(place.cwd, 'a.txt');
  const data = 'aGVsbG8=';
  const turn = agent.run([
    { type: 'text', text: path },
    { type: 'image', mediaType: 'image/png', data },
    { type: 'file', path: 'b.txt' },
  ]);
  await agent.answer('allow-once');
  const { questionId } = await agent.nth('question.asked');
  await agent.session.answerQuestion?.({ questionId, answers: { name: 'Ada' } });
  expect(await turn).toMatchObject({ outcome: 'completed' });
  const [message] = agent.of('item.ended').flatMap(({ item }) => (item.type === 'agent-message' ? [item.text] : []));
  const said = parseJson(message ?? '');
  expect(said.ok ? said.value : message).toEqual({
    permission: { outcome: { outcome: 'selected', optionId: 'ok' } },
    written: {},
    read: { content: 'by the library' },
    exit: { exitCode: 0, signal: null },
    output: { output: 'ran\n', truncated: false, exitStatus: { exitCode: 0, signal: null } },
    form: { action: 'accept', content: { name: 'Ada' } },
    blocks: ['text', 'image', 'resource_link'],
  });
  expect(agent.of('notice.raised')).toEqual([]);
  expect(agent.of('agent.output')).toEqual([]);
});

test('and is resumed and cancelled by it', async () => {
  agent = openAcp({ place, definition, open: { nativeId: 'earlier' } });
  await agent.send('wait');
  await agent.session.interrupt?.();
  expect(await agent.nth('turn.ended')).toMatchObject({ outcome: 'interrupted' });
  expect(agent.of('agent.ready')[0]?.nativeId).toBe('earlier');
});
