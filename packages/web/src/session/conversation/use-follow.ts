import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { isAtEnd, isBackAtEnd, isFollowing, type ScrollPlace } from './stick.ts';

export interface Follow {
  readonly following: boolean;
  onScroll(): void;
  /** Goes to the end and stays there. */
  jump(): void;
  /** Stays where it is from now on. */
  letGo(): void;
}

const SCROLL_KEYS = new Set(['ArrowUp', 'PageUp', 'Home', ' ']);
/** How long after a hand touched the list its movement counts as the reader's; a thrown list rolls on. */
const HAND_MS = 900;
/** Once nothing was measured anew for so long, whatever moves the list is its reader, a screen reader included. */
const STILL_MS = 1500;

/** Keeps a list at its end while the reader is there, however its content grows. */
export function useFollow(scroll: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>): Follow {
  const [following, setFollowing] = useState(true);
  const state = useRef({ following: true, place: { top: 0, viewport: 0, height: 0 }, changedAt: 0 });
  const handUntil = useHand(scroll);
  const set = useCallback((next: boolean) => {
    state.current.following = next;
    setFollowing(next);
  }, []);
  const pin = useCallback(() => {
    state.current.changedAt = performance.now();
    if (scroll.current === null) return;
    if (state.current.following) scroll.current.scrollTo({ top: scroll.current.scrollHeight });
    state.current.place = toPlace(scroll.current);
  }, [scroll]);
  useLayoutEffect(pin);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (scroll.current !== null && isBackAtEnd(state.current.place, toPlace(scroll.current))) set(true);
      pin();
    });
    for (const element of [scroll.current, content.current]) if (element !== null) observer.observe(element);
    return () => observer.disconnect();
  }, [pin, set, scroll, content]);
  const onScroll = useCallback(() => {
    if (scroll.current === null) return;
    const now = toPlace(scroll.current);
    const { place: before, changedAt } = state.current;
    const moment = performance.now();
    const byReader = moment < handUntil.current || moment - changedAt > STILL_MS;
    const follows = isFollowing(state.current.following, { before, now, byReader });
    set(follows);
    state.current.place = now;
    // The list measured something anew and moved: back to the end.
    if (follows && !isAtEnd(now)) scroll.current.scrollTo({ top: scroll.current.scrollHeight });
  }, [scroll, set, handUntil]);
  const jump = useCallback(() => {
    set(true);
    pin();
  }, [set, pin]);
  const letGo = useCallback(() => set(false), [set]);
  return { following, onScroll, jump, letGo };
}

// Until when the list's movement counts as the reader's, because a hand was on it.
function useHand(scroll: RefObject<HTMLElement | null>): RefObject<number> {
  const until = useRef(0);
  useEffect(() => {
    const element = scroll.current;
    if (element === null) return undefined;
    const touch = () => {
      until.current = performance.now() + HAND_MS;
    };
    const press = (event: KeyboardEvent) => {
      if (SCROLL_KEYS.has(event.key)) touch();
    };
    const events = ['wheel', 'touchstart', 'touchmove', 'touchend', 'pointerdown', 'pointermove'] as const;
    for (const name of events) element.addEventListener(name, touch, { passive: true });
    element.addEventListener('keydown', press);
    return () => {
      for (const name of events) element.removeEventListener(name, touch);
      element.removeEventListener('keydown', press);
    };
  }, [scroll]);
  return until;
}

function toPlace(element: HTMLElement): ScrollPlace {
  return { top: element.scrollTop, viewport: element.clientHeight, height: element.scrollHeight };
}
