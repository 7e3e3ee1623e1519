import { expect, it } from 'vitest';
import { toTimeWords } from './time-words.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const MINUTE = 60_000;

it('speaks of the time as a person would', () => {
  const ago = (minutes: number) => toTimeWords(NOW - minutes * MINUTE, NOW, 'en');
  expect(ago(0)).toBe('now');
  expect(ago(0.6)).toBe('now');
  expect(ago(1)).toBe('1 min ago');
  expect(ago(59)).toBe('59 min ago');
  expect(ago(60)).toBe('1 h ago');
  expect(ago(60 * 23)).toBe('23 h ago');
  expect(ago(60 * 48)).toBe('Nov 18');
  expect(ago(60 * 24 * 400)).toContain('2025');
});

it('is never in the future, though clocks differ', () => {
  expect(toTimeWords(NOW + 5 * MINUTE, NOW)).toBe('now');
});
