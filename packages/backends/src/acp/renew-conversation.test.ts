import { afterEach, expect, test } from 'vitest';
import { createPlace, openAcp, toFixtureAgent } from './__fixtures__/open-acp.ts';

const place = await createPlace();
afterEach(() => place.remove());

test('a conversation that is found again after an interrupt is asked nothing before it is open', async () => {
  const agent = openAcp({
    place,
    definition: toFixtureAgent('forgets-cut-calls'),
    backend: { bounds: { replayMs: 20 } },
  });
  const cut = agent.run('wait');
  await agent.nth('approval.requested');
  await agent.session.interrupt?.();
  expect(await cut).toMatchObject({ outcome: 'interrupted' });
  void agent.send('hello');
  await agent.until((report) => report.type === 'agent.output' && report.text === 'opening');
  await agent.session.interrupt?.();
  expect(await agent.nth('turn.ended', 2)).toMatchObject({ outcome: 'interrupted' });
  expect(await agent.run('again')).toMatchObject({ outcome: 'completed' });
  await agent.session.stop();
});
