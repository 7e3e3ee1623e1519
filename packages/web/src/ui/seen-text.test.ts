import { expect, test } from 'vitest';
import { toSeenText } from './seen-text.ts';

test.each([
  ['turned around', 'rm \u202eoof', 'rm \\u202eoof'],
  ['isolated', '\u2066ls\u2069', '\\u2066ls\\u2069'],
  ['without width', 'pa\u200bss\ufeff', 'pa\\u200bss\\ufeff'],
  ['a carriage return that overwrites', 'rm -rf ~\rls', 'rm -rf ~\\u000dls'],
  ['a colour', '\u001b[8mhidden', '\\u001b[8mhidden'],
  ['a tag', 'a\u{e0041}', 'a\\u{e0041}'],
])('what is %s is shown by its number', (_, text, shown) => {
  expect(toSeenText(text)).toBe(shown);
});

test('words of any language, emoji, lines and tabs stay as they are', () => {
  const text = 'echo "עברית 日本語 می‌خواهم 👩‍👩‍👧"\r\n\tdone\n';
  expect(toSeenText(text)).toBe(text.replace('\r\n', '\n'));
});
