import { itemIdSchema, turnIdSchema } from '@baton/protocol';
import { expect, test } from 'vitest';
import { createStoredIds } from './stored-ids.ts';

const AT = Date.UTC(2026, 10, 21);

test('the same names give the same ids, and other conversations others', () => {
  const [one, same, other] = [createStoredIds('a'), createStoredIds('a'), createStoredIds('b')];
  expect(one.turn('x', AT)).toBe(same.turn('x', AT));
  expect(one.item('x', AT)).not.toBe(other.item('x', AT));
});

test('a name that comes twice gets two ids', () => {
  const ids = createStoredIds('a');
  expect(ids.item('x', AT)).not.toBe(ids.item('x', AT));
});

test('ids are valid and sort by time', () => {
  const ids = createStoredIds('a');
  const [early, late] = [ids.item('x', AT), ids.item('a', AT + 1)];
  expect(itemIdSchema.safeParse(early).success).toBe(true);
  expect(turnIdSchema.safeParse(ids.turn('x', -1)).success).toBe(true);
  expect(early < late).toBe(true);
});
