import { expect, test } from 'vitest';
import { soakTime } from './time.ts';

// `npm run soak time` runs thousands.
test('two hundred sessions leave nothing behind', async () => {
  const figures = await soakTime({ rounds: 200, minutes: 0.5, seed: 1, print: () => undefined });
  const broken = figures.filter(({ value, bound }) => bound !== undefined && value > bound);
  expect(broken).toEqual([]);
});
