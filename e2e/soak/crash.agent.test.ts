import { expect, test } from 'vitest';
import { CRASH_POINTS, soakCrash } from './crash.ts';

// `npm run soak crash` plays 500 rounds.
test('ten deaths of server, runner, agent or two of them lose nothing, double nothing and leave nothing running', async () => {
  const print = () => undefined;
  const figures = await soakCrash({ rounds: 10, minutes: 1.5, seed: 20_261_121, print });
  const rounds = figures.find(({ name }) => name.startsWith('rounds'))?.value ?? 0;
  expect(rounds).toBeGreaterThan(0);
  expect(rounds).toBeLessThanOrEqual(CRASH_POINTS.length);
});
