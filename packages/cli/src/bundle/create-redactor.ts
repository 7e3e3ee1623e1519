import { redactLine } from '@baton/server';

/** Shorter texts are ordinary words and numbers: striking them out would destroy what is to be read. */
const LEAST = 5;
const MARK = '[private]';

/** Takes private texts, whatever looks like a key, and each longer line of what people wrote out of a text. */
export function createRedactor(privateTexts: readonly string[]): (text: string) => string {
  const sought = new Set(privateTexts.flatMap(toForms).filter((text) => text.length >= LEAST));
  // The longest first: one may be a part of another.
  const ordered = [...sought].sort((left, right) => right.length - left.length);
  return (text) => {
    let left = text;
    for (const each of ordered) if (left.includes(each)) left = left.replaceAll(each, MARK);
    return redactLine(left, []);
  };
}

// As it is and as JSON writes it, the whole and each line: messages quote a part of what they are about.
function toForms(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [text.trim(), ...lines].flatMap((each) => [each, JSON.stringify(each).slice(1, -1)]);
}
