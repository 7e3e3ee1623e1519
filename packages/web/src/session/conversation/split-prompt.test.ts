import { expect, test } from 'vitest';
import { splitMentions, splitPrompt } from './split-prompt.ts';

test('a prompt is its text, its images and the files the text does not name', () => {
  const split = splitPrompt([
    { type: 'text', text: 'Fix @a.ts' },
    { type: 'file', path: 'a.ts' },
    { type: 'file', path: 'b.ts' },
    { type: 'image', mediaType: 'image/png', data: 'AAAA' },
  ]);
  expect(split).toEqual({ text: 'Fix @a.ts', files: ['b.ts'], images: [{ src: 'data:image/png;base64,AAAA' }] });
});

const mentions = (text: string) => splitMentions(text).flatMap((piece) => (piece.mention ? [piece.text] : []));

test('mentions of files are found, with what stands after them left out', () => {
  expect(mentions('See @src/a.ts, (@b.md) and @"my file.md".')).toEqual(['@src/a.ts', '@b.md', '@"my file.md"']);
});

test('people and addresses are no files', () => {
  expect(mentions('Ask @mira or me@example.com')).toEqual([]);
});

test('nothing of the text is lost', () => {
  const text = '@a.ts at both ends @b.ts';
  expect(
    splitMentions(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
});
