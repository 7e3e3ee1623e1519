const MAX_TITLE = 100;
/** What drives a terminal, hides text or turns its order around. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line for a list; undefined when there is nothing to show. */
export function toTitle(text: string | undefined): string | undefined {
  const line = (text ?? '').slice(0, 2000).replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  return line.length > MAX_TITLE ? `${line.slice(0, MAX_TITLE - 1)}…` : line;
}
