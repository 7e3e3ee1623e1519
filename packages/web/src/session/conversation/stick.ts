/** Where the reader is: how far scrolled, how much is shown of how much. Pixels. */
export interface ScrollPlace {
  readonly top: number;
  readonly viewport: number;
  readonly height: number;
}

/** Within this distance of the end the reader counts as being there. */
const NEAR = 40;

export function isAtEnd({ top, viewport, height }: ScrollPlace): boolean {
  return height - top - viewport <= NEAR;
}

export interface Scrolling {
  readonly before: ScrollPlace;
  readonly now: ScrollPlace;
  /** Whether a hand moved it: a wheel, a finger, a key or the bar. All else is content that was measured anew. */
  readonly byReader: boolean;
}

/**
 * Whether the list follows what comes, after a scroll. Only a reader who moves up lets go; content that grows or
 * shrinks does not. Coming back to the end takes hold again.
 */
export function isFollowing(following: boolean, { before, now, byReader }: Scrolling): boolean {
  if (isAtEnd(now)) return true;
  return following && !(byReader && now.top < before.top - 1);
}

/**
 * Whether a list that was let go takes hold again when it was measured anew: when it shrank to its end, where nothing may
 * be left to scroll. What was opened grows in steps, of which the first ones end near the end as well.
 */
export function isBackAtEnd(before: ScrollPlace, now: ScrollPlace): boolean {
  return isAtEnd(now) && now.height - now.viewport <= before.height - before.viewport;
}
