import type { EventOf } from '@baton/protocol';
import { SESSION } from '@baton/testkit';
import { expect, test } from 'vitest';
import { decideOffer } from './decide-offer.ts';
import { evolve } from './evolve.ts';
import { noSession, type OpenSession } from './state.ts';

type Offer = EventOf<'agent.ready'>;

const created = { type: 'session.created', backend: 'odd', cwd: '/w', by: 'ada' } as const;
const session = (): OpenSession => {
  const state = evolve(noSession, { sessionId: SESSION, seq: 1, at: '2026-01-01T00:00:00.000Z', event: created });
  if (state.status === 'none') throw new Error('not created');
  return state;
};

const offer = (more: Partial<Offer> = {}): Offer => ({
  ...{ type: 'agent.ready', models: [], modes: [], commands: [], tools: [], mcpServers: [] },
  ...more,
});

test('what an agent offers is told as it is', () => {
  const usual = offer({
    models: [{ id: 'm', title: 'M', description: 'A model', efforts: ['low', 'high'] }],
    modes: [{ id: 'plan', title: 'Plan' }],
    commands: [{ name: 'review', description: 'Reviews', argumentHint: '[file]' }],
    tools: ['Bash'],
    mcpServers: [{ name: 'docs', status: 'connected' }],
    nativeId: 'n',
  });
  expect(decideOffer(session(), usual)).toEqual([usual]);
});

test('of more than can be listed the first thousand are, and it is said once what is left out', () => {
  const models = Array.from({ length: 5000 }, (_, n) => ({ id: `m${n}`, title: 't'.repeat(5000), efforts: ['low'] }));
  const commands = [{ name: 'c'.repeat(5000), description: '' }];
  const [bounded, notice] = decideOffer(session(), offer({ models, commands }));
  expect(bounded).toMatchObject({ commands: [], models: { length: 1000, 999: { id: 'm999', efforts: ['low'] } } });
  expect(JSON.stringify(bounded).length).toBeLessThan(400_000);
  expect(notice).toMatchObject({ type: 'notice.raised', text: expect.stringContaining('models: 4000, commands: 1') });

  const known = { ...session(), offer: offer() };
  expect(decideOffer(known, offer({ models })).map(({ type }) => type)).toEqual(['agent.ready']);
});
