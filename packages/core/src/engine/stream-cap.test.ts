import { createId } from '@baton/protocol';
import { expect, test } from 'vitest';
import { MAX_STREAMED, StreamCap } from './stream-cap.ts';

const toDelta = (itemId: ReturnType<typeof createId<'item'>>, text: string) => ({
  ...({ type: 'item.delta', field: 'text' } as const),
  itemId,
  text,
});

/** Streams so many megabytes of an item; answers how many characters were let through. */
function flood(cap: StreamCap, itemId: ReturnType<typeof createId<'item'>>, megabytes: number): number {
  const text = 'x'.repeat(1024 * 1024);
  return Array.from({ length: megabytes }, () => cap.take(toDelta(itemId, text))).reduce(
    (sum, taken) => sum + (taken?.type === 'item.delta' ? taken.text.length : 0),
    0,
  );
}

test('lets what streams through up to the bound, says that there is more, and starts anew with each item', () => {
  const cap = new StreamCap();
  for (let round = 0; round < 3; round += 1) {
    const itemId = createId('item');
    const taken = flood(cap, itemId, 1024);
    expect(taken).toBeGreaterThan(MAX_STREAMED);
    expect(taken).toBeLessThan(MAX_STREAMED + 100);
    const end = { type: 'item.ended' as const, itemId, item: { type: 'agent-message' as const, text: 'whole' } };
    expect(cap.take(end)).toBe(end);
  }
});

test('bounds all open items together, and has room again when they end', () => {
  const cap = new StreamCap();
  const items = Array.from({ length: 10 }, () => createId('item'));
  const taken = items.map((itemId) => flood(cap, itemId, 16));
  expect(taken.reduce((sum, each) => sum + each, 0)).toBeLessThan(4 * MAX_STREAMED + 1000);
  for (const itemId of items) cap.take({ type: 'item.ended', itemId, item: { type: 'agent-message', text: '' } });
  expect(flood(cap, createId('item'), 4)).toBe(4 * 1024 * 1024);
});
