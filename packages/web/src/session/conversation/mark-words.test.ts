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

test('models and modes are named as their agent does, and by their id where it does not', () => {
  const event = { type: 'session.configured', model: 'm-1', mode: 'accept-edits', by: 'agent' } as const;
  const titles = {
    models: [{ id: 'm-1', title: 'Model One' }],
    modes: [{ id: 'accept-edits', title: 'Accept edits' }],
  };
  expect(toMarkWords(event, titles).text).toBe('The agent changed to model Model One, mode Accept edits');
  expect(toMarkWords(event).text).toBe('The agent changed to model m-1, mode accept-edits');
});
