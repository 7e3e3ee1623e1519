import { useCallback, useEffect, useRef } from 'react';

/**
 * For what goes away once it is answered: when the keyboard was in it, `onGone` says where it is next, so that nobody is
 * left at the top of the page. Fingers have no keyboard to lose, and one would cover half of the screen.
 */
export function useFocusAfter(onGone: () => void): (box: HTMLElement | null) => (() => void) | undefined {
  const latest = useRef(onGone);
  useEffect(() => {
    latest.current = onGone;
  });
  return useCallback((box: HTMLElement | null) => {
    if (box === null) return undefined;
    let wasInside = false;
    const enter = () => {
      wasInside = true;
    };
    // A button that is disabled while its answer is on the way loses the keyboard to nobody.
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget instanceof Node && !box.contains(relatedTarget)) wasInside = false;
    };
    box.addEventListener('focusin', enter);
    box.addEventListener('focusout', leave);
    return () => {
      box.removeEventListener('focusin', enter);
      box.removeEventListener('focusout', leave);
      if (!wasInside || matchMedia('(pointer: coarse)').matches) return;
      queueMicrotask(() => {
        if (document.activeElement === null || document.activeElement === document.body) latest.current();
      });
    };
  }, []);
}
