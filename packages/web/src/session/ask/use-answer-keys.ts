import { useEffect, useRef, type RefObject } from 'react';
import { isInText, toKeyboardPlace } from '../../ui/keyboard-place.ts';
import { toChosenIndex } from './answer-keys.ts';

export interface AnswerKeysOptions {
  readonly count: number;
  readonly enabled: boolean;
  /** `page`: keys count wherever the keyboard is; `card`: only inside the card. */
  readonly scope: 'page' | 'card';
  readonly card: RefObject<HTMLElement | null>;
  choose(index: number): void;
}

/** Listens for the numbers that are printed on the choices of a card. */
export function useAnswerKeys({ count, enabled, scope, card, choose }: AnswerKeysOptions): void {
  const latest = useRef(choose);
  useEffect(() => {
    latest.current = choose;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const shownAt = Date.now();
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      const isInside = card.current?.contains(target) === true;
      if (!isInside && (scope === 'card' || toKeyboardPlace(target) === 'float')) return;
      const press = {
        key: event.key,
        code: event.code,
        alt: event.altKey,
        modified: event.ctrlKey || event.metaKey || event.isComposing,
        repeat: event.repeat,
        inText: isInText(target),
      };
      const index = toChosenIndex(press, { count, shownAt, now: Date.now() });
      if (index === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(index);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [count, enabled, scope, card]);
}
