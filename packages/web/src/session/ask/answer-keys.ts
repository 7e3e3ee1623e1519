/** How long a card must have stood before a key can answer it: a key pressed for something else must not. */
export const ARMING_MS = 400;

export interface AnswerPress {
  readonly key: string;
  readonly code: string;
  readonly alt: boolean;
  /** Control, Meta or a running input method: never an answer. */
  readonly modified: boolean;
  readonly repeat: boolean;
  /** Whether the keyboard is in a text field. */
  readonly inText: boolean;
}

export interface Choices {
  /** How many there are. */
  readonly count: number;
  readonly shownAt: number;
  readonly now: number;
}

/**
 * The place of the choice that a key means, from 0, or undefined. `1` to `9` count outside text fields, `Alt+1` to
 * `Alt+9` everywhere; nothing counts in the first 400 ms or while a key is held down. Enter is left to the button that
 * has the focus.
 */
export function toChosenIndex(press: AnswerPress, { count, shownAt, now }: Choices): number | undefined {
  if (press.modified || press.repeat || now - shownAt < ARMING_MS) return undefined;
  if (press.inText && !press.alt) return undefined;
  // With Alt the key itself may be another character, so the place on the keyboard decides.
  const digit = press.alt ? /^Digit([1-9])$/.exec(press.code)?.[1] : /^[1-9]$/.exec(press.key)?.[0];
  const index = Number(digit) - 1;
  return index >= 0 && index < count ? index : undefined;
}
