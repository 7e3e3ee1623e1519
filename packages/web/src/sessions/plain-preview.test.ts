import { expect, test } from 'vitest';
import { toPlainPreview } from './plain-preview.ts';

test.each([
  ['# Done\n\n- **One** thing\n- another `thing`', 'Done One thing another thing'],
  ['See [the page](https://a.test) and ![a picture](b.png).', 'See the page and a picture.'],
  [
    'What I did:\n\n| step | who |\n| --- | :-: |\n| 1 | you |\n| 2 \\| 3 | |\n\nThat is all.',
    'What I did: step, who. 1, you. 2 | 3. That is all.',
  ],
  ['a | b\n--- | ---\nc | d', 'a | b c | d'],
  ['Above\n\n---\n\nbelow', 'Above below'],
  ['ls | wc -l', 'ls | wc -l'],
])('%j reads as %j', (markdown, plain) => {
  expect(toPlainPreview(markdown)).toBe(plain);
});
