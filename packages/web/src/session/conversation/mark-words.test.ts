import type { TurnId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { toMarkWords } from './mark-words.ts';

test('says who went back, and where to', () => {
  const event = { type: 'session.rewound' as const, after: 3, by: 'ada' };
  const here = { ...event, turnId: 'trn_one' as TurnId };
  expect(toMarkWords(here).text).toBe('Went back to here; what came after was taken back');
  expect(toMarkWords({ ...here, by: 'agent' }).text).toBe(
    'Somebody went back to here in the agent itself; what came after was taken back',
  );
  expect(toMarkWords({ ...event, by: 'agent' }).text).toBe(
    'Somebody went back to the beginning in the agent itself; what came after was taken back',
  );
});
