import { useEffect, type RefObject } from 'react';
import { ARMING_MS } from './answer-keys.ts';

/**
 * Gives the keyboard to a card's first button once the card has stood for 400 ms, but only when nobody is using it:
 * it rests on the page, on the conversation, or on a composer that is empty.
 */
export function useLateFocus(button: RefObject<HTMLElement | null>, enabled: boolean): void {
  useEffect(() => {
    // Where there is no keyboard a ring around a button only looks like a choice that was made.
    if (!enabled || matchMedia('(pointer: coarse)').matches) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => isAtRest(document.activeElement) && button.current?.focus({ preventScroll: true }),
        ARMING_MS,
      );
    };
    wait();
    window.addEventListener('keydown', wait, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', wait, { capture: true });
    };
  }, [button, enabled]);
}

function isAtRest(element: Element | null): boolean {
  if (element === null || element === document.body) return true;
  if (element instanceof HTMLTextAreaElement) return element.value === '' && element.matches('[role=combobox]');
  return element.matches('main,[role=log]');
}
