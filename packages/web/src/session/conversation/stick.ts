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
