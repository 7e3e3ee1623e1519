import { expect, test } from 'vitest';
import { checkFolder } from './check-choice.ts';

test.each(['/w/a\u2028b', '/w/a\nb', '/w/trailing ', '/w/50%', `/w/q'"$`])('it works in %j', (folder) => {
  expect(() => checkFolder(folder, 'linux')).not.toThrow();
});

test('what it would not find, or take for another, is refused', () => {
  expect(() => checkFolder('/w/a%20b', 'linux')).toThrow('it would take "/w/a b" for it');
  expect(() => checkFolder('/w/a\\b', 'linux')).toThrow('backslash');
  expect(() => checkFolder('C:\\w\\a', 'win32')).not.toThrow();
});
