import { createManualClock } from '@baton/testkit';
import { expect, test } from 'vitest';
import { createErrorLines } from './error-lines.ts';

function setUp() {
  const clock = createManualClock();
  const told: string[] = [];
  const lines = createErrorLines({ clock, onLine: (text) => told.push(text), onFlood: () => told.push('flood') });
  return { clock, told, lines };
}

test('lines that come together are told together, in order, a moment later', () => {
  const { clock, told, lines } = setUp();
  lines.take('one');
  clock.advance(60);
  lines.take('two');
  expect(told).toEqual([]);
  clock.advance(60);
  expect(told).toEqual(['one', 'two']);
  lines.take('three');
  lines.flush();
  clock.advance(200);
  expect(told).toEqual(['one', 'two', 'three']);
});

test('very many are told up to a number, and that there are more, once', () => {
  const { clock, told, lines } = setUp();
  for (let line = 0; line < 1500; line += 1) lines.take(`line ${line}`);
  clock.advance(100);
  lines.take('one more');
  clock.advance(100);
  lines.flush();
  expect(told.length).toBe(1001);
  expect(told.slice(-2)).toEqual(['line 999', 'flood']);
});
