import { describe, expect, test } from 'vitest';
import { toChosenIndex, type AnswerPress } from './answer-keys.ts';

const base: AnswerPress = { key: '1', code: 'Digit1', alt: false, modified: false, repeat: false, inText: false };
const choose = (press: Partial<AnswerPress>, age = 1000) =>
  toChosenIndex({ ...base, ...press }, { count: 3, shownAt: 5000, now: 5000 + age });

describe('keys that answer', () => {
  test('a number chooses what it is printed on', () => {
    expect([choose({ key: '1' }), choose({ key: '2' }), choose({ key: '3' })]).toEqual([0, 1, 2]);
  });

  test('a number without a choice, and any other key, choose nothing', () => {
    const keys = ['4', '9', '0', 'Enter', 'a', '\u0661', ' '];
    expect(keys.map((key) => choose({ key, code: 'KeyA' }))).toEqual(keys.map(() => undefined));
  });

  test('nothing counts in the first 400 ms', () => {
    expect(choose({}, 399)).toBeUndefined();
    expect(choose({}, 400)).toBe(0);
  });

  test('a number typed into a text field is text', () => {
    expect(choose({ inText: true })).toBeUndefined();
  });

  test('Alt with a number counts everywhere, whatever character it makes', () => {
    expect(choose({ inText: true, alt: true, key: '\u00a1', code: 'Digit1' })).toBe(0);
    expect(choose({ alt: true, key: '\u201c', code: 'Digit2' })).toBe(1);
  });

  test('a held key or one with Control counts never', () => {
    expect(choose({ repeat: true })).toBeUndefined();
    expect(choose({ modified: true })).toBeUndefined();
  });
});
