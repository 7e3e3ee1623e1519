// Controls, marks that turn the direction of what follows, letters without width, and tags. What joins emoji, Persian or
// Indic letters (U+200C, U+200D) belongs to words and stays.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;

/**
 * Text of which every character is seen, in the order in which a machine reads it: what someone agrees to must be what
 * then happens. What would be hidden, or would turn its neighbours around, stands there by its number. Line breaks and
 * tabs stay. Pure.
 */
export function toSeenText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSEEN, toNumber);
}

function toNumber(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}
