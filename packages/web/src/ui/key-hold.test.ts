import { expect, test } from 'vitest';
import { createKeyHold } from './key-hold.ts';

test('keys are held until what was asked for is there', () => {
  const hold = createKeyHold(() => 0);
  expect(hold.isOn).toBe(false);
  const ends = [hold.begin(), hold.begin()];
  expect(hold.isOn).toBe(true);
  ends[0]?.();
  expect(hold.isOn).toBe(true);
  for (const end of ends) end();
  expect(hold.isOn).toBe(false);
});

test('nobody who waits for what never comes is kept from typing', () => {
  let now = 100;
  const hold = createKeyHold(() => now);
  hold.begin();
  now = 10_000;
  expect(hold.isOn).toBe(true);
  now = 10_100;
  expect(hold.isOn).toBe(false);
  hold.begin();
  expect(hold.isOn).toBe(true);
});
