import type { SessionView } from '@baton/protocol';
import { useEffect, useMemo, useRef, useState, type FocusEvent, type PointerEvent } from 'react';
import { holdLayout, type HeldLayout } from './hold-layout.ts';
import { toLayout, type Layout } from './lanes.ts';

/** A finger leaves nothing behind; the list stays still this long after it. */
const TOUCH_REST_MS = 1200;

export interface SteadyLayout extends HeldLayout {
  /** Brings the held list up to date now. */
  settle(): void;
  /** For the element around the list. */
  handlers: {
    onPointerEnter(event: PointerEvent): void;
    onPointerLeave(): void;
    onPointerDown(event: PointerEvent): void;
    onFocus(event: FocusEvent): void;
    onBlur(event: FocusEvent): void;
  };
}

/** Sessions by lane that do not move while the pointer, a finger or the keyboard is among them. */
export function useSteadyLayout(sessions: readonly SessionView[]): SteadyLayout {
  const live = useMemo(() => toLayout(sessions), [sessions]);
  const [held, setHeld] = useState<Layout | undefined>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const inside = useRef({ pointer: false, focus: false });
  useEffect(() => () => clearTimeout(timer.current), []);

  const update = (part: Partial<typeof inside.current>) => {
    inside.current = { ...inside.current, ...part };
    const hold = inside.current.pointer || inside.current.focus;
    setHeld((current) => (hold ? (current ?? live) : undefined));
  };
  const touch = () => {
    clearTimeout(timer.current);
    update({ pointer: true });
    timer.current = setTimeout(() => update({ pointer: false }), TOUCH_REST_MS);
  };
  return {
    ...(held === undefined ? { layout: live, changes: 0 } : holdLayout(held, live)),
    settle: () => setHeld((current) => (current === undefined ? undefined : live)),
    handlers: {
      onPointerEnter: (event) => (event.pointerType === 'mouse' ? update({ pointer: true }) : undefined),
      onPointerLeave: () => update({ pointer: false }),
      onPointerDown: (event) => (event.pointerType === 'mouse' ? undefined : touch()),
      onFocus: (event) => (event.target.matches(':focus-visible') ? update({ focus: true }) : undefined),
      onBlur: (event) => (event.currentTarget.contains(event.relatedTarget) ? undefined : update({ focus: false })),
    },
  };
}
