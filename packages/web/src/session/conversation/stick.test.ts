import { expect, test } from 'vitest';
import { isBackAtEnd, isFollowing, type ScrollPlace } from './stick.ts';

const place = (top: number, height = 2000, viewport = 500) => ({ top, height, viewport });
const move = (before: ScrollPlace, now: ScrollPlace, moment: { following?: boolean; byReader?: boolean } = {}) =>
  isFollowing(moment.following ?? true, { before, now, byReader: moment.byReader ?? true });

test('a reader who scrolls up lets go', () => {
  expect(move(place(1500), place(1400))).toBe(false);
});

test('a small move near the end does not', () => {
  expect(move(place(1500), place(1470))).toBe(true);
});

test('content that grows, shrinks or is measured anew does not let go', () => {
  expect(move(place(1500), place(1500, 2400))).toBe(true);
  expect(move(place(1500), place(1300, 1900), { byReader: false })).toBe(true);
  expect(move(place(1500), place(1300, 2400), { byReader: false })).toBe(true);
});

test('coming back to the end takes hold again, scrolling down elsewhere does not', () => {
  expect(move(place(1000), place(1490), { following: false })).toBe(true);
  expect(move(place(1000), place(1200), { following: false })).toBe(false);
});

test('what was opened at the end grows where it stands, and is followed again once it is folded', () => {
  expect(isBackAtEnd(place(1500), place(1500, 2020))).toBe(false);
  expect(isBackAtEnd(place(0, 300), place(0, 320))).toBe(false);
  expect(isBackAtEnd(place(1500, 2400), place(1500, 2000))).toBe(true);
  expect(isBackAtEnd(place(0, 900), place(0, 400))).toBe(true);
  expect(isBackAtEnd(place(1000, 2400), place(1000, 2000))).toBe(false);
});
