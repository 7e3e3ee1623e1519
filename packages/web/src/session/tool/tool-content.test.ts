import { expect, test } from 'vitest';
import { toNumberedText } from './tool-content.ts';

test('a numbered file keeps what is in its lines and ends none', () => {
  const output = ' 9\u2192one\u2028two\n10\u2192three\rfour\r\n11\u2192\n';
  expect(toNumberedText(output)).toEqual({ text: 'one\u2028two\nthree\rfour\r\n', firstLine: 9 });
  expect(toNumberedText('9\u2192one\n11\u2192two\n')).toBeUndefined();
});
