// What an agent writes must not drive the terminal: no colours, no cursor, no window title, no clipboard (OSC 52), no
// hidden or reordered text. Each such character is shown instead of obeyed, one by one, so that it does not matter where
// a stream was cut into pieces.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

/** Text of an agent, safe to print. Line breaks and tabs stay; carriage returns, which could overwrite a line, go. */
export function toPlainLines(text: string): string {
  return text.replaceAll('\r', '').replace(CONTROL, escape);
}

/** The same on one line, with line breaks shown as `\n`. */
export function toPlainLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\t', ' ').replaceAll('\r', '\\r').replace(CONTROL, escape);
}

/** At most `width` characters, with an ellipsis when something was left out. */
export function shorten(text: string, width: number): string {
  const letters = Array.from(text);
  return letters.length <= width ? text : `${letters.slice(0, Math.max(1, width - 1)).join('')}…`;
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
