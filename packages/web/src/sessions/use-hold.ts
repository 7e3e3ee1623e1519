import { useEffect, useRef, useState, type FocusEvent, type PointerEvent } from 'react';

/** A finger leaves nothing behind; the list stays still this long after it. */
const TOUCH_REST_MS = 1200;

export interface Hold {
  /** Somebody is in it: nothing may move. */
  held: boolean;
  /** For the element around the list. */
  handlers: {
    onPointerEnter(event: PointerEvent): void;
    onPointerLeave(): void;
    onPointerDown(event: PointerEvent): void;
    onFocus(event: FocusEvent): void;
    onBlur(event: FocusEvent): void;
  };
}

/** Whether the pointer, a finger or the keyboard is in an element. */
export function useHold(): Hold {
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const inside = useRef({ pointer: false, focus: false });
  useEffect(() => () => clearTimeout(timer.current), []);

  const update = (part: Partial<typeof inside.current>) => {
    inside.current = { ...inside.current, ...part };
    setHeld(inside.current.pointer || inside.current.focus);
  };
  const touch = () => {
    clearTimeout(timer.current);
    update({ pointer: true });
    timer.current = setTimeout(() => update({ pointer: false }), TOUCH_REST_MS);
  };
  return {
    held,
    handlers: {
      onPointerEnter: (event) => (event.pointerType === 'mouse' ? update({ pointer: true }) : undefined),
      onPointerLeave: () => update({ pointer: false }),
      onPointerDown: (event) => (event.pointerType === 'mouse' ? undefined : touch()),
      onFocus: (event) => (event.target.matches(':focus-visible') ? update({ focus: true }) : undefined),
      onBlur: (event) => (event.currentTarget.contains(event.relatedTarget) ? undefined : update({ focus: false })),
    },
  };
}
