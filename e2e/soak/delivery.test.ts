import { expect, test } from 'vitest';
import { compare, connectThrough, openLine, promptOverCut, shareSession, thawTab } from './delivery.ts';
import { createChance } from './soak.ts';

const SEED = 20_261_121;
// Into the handshake, the welcome, a receipt, an event, and the middle of each; `npm run soak delivery` cuts at every byte.
const CUTS_DOWN = [1, 60, 129, 200, 333, 480, 700, 901, 1300, 2000, 3100];
const CUTS_UP = [1, 40, 150, 233, 390];

test('a line that is cut loses and doubles nothing', async () => {
  const line = await openLine();
  const client = connectThrough(line);
  for (const bytes of CUTS_DOWN) await promptOverCut(line, client, { sent: false, bytes });
  for (const bytes of CUTS_UP) await promptOverCut(line, client, { sent: true, bytes });
  const prompts = CUTS_DOWN.length + CUTS_UP.length;
  expect(await compare(line, [client.openSession(line.sessionId)], prompts)).toBe(prompts);
  client.close();
  await line.close();
});

test('two tabs and a phone on one session, each on a bad line, see the same: every prompt once', async () => {
  const line = await openLine();
  const { handles, close } = await shareSession(line, { rounds: 15, chance: createChance(SEED) });
  expect(await compare(line, handles, 15)).toBe(15);
  await close();
  await line.close();
});

test('a tab that was frozen for an hour has all it missed, and so has a peer that comes back', async () => {
  const line = await openLine();
  const { peerMs } = await thawTab(line, 2000);
  expect(peerMs).toBeLessThan(5000);
  await line.close();
});
