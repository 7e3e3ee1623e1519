import type { Command, SessionId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toCommandDigest } from './command-digest.ts';

const sessionId = 'ses_1' as SessionId;

test('a digest depends on what a command says and not on how it was written down', async () => {
  const one: Command = { type: 'turn.start', sessionId, input: [{ type: 'text', text: 'go' }] };
  const same: Command = { input: [{ text: 'go', type: 'text' }], sessionId, type: 'turn.start' };
  const other: Command = { ...one, input: [{ type: 'text', text: 'stop' }] };
  expect(await toCommandDigest(same)).toBe(await toCommandDigest(one));
  expect(await toCommandDigest(other)).not.toBe(await toCommandDigest(one));
  expect(await toCommandDigest(one)).toMatch(/^[0-9a-f]{32}$/);
});
