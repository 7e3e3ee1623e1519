import { useLayoutEffect, useRef, type ComponentProps, type RefObject } from 'react';
import { toFloatPlace } from './float-place.ts';

export interface FloatProps extends ComponentProps<'div'> {
  /** What it hangs on: as wide as this, under it or, without room, over it. */
  anchor: RefObject<HTMLElement | null>;
  /** The most it grows, in px. */
  maxHeight: number;
}

/**
 * A list that hangs on a field, in the browser's top layer: no scrolling parent cuts it off. It takes no focus; opening
 * and closing is the caller's work.
 */
export function Float({ anchor, maxHeight, ...rest }: FloatProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = panel.current;
    const place = () => {
      if (element === null || anchor.current === null) return;
      const { left, top, bottom, width } = anchor.current.getBoundingClientRect();
      Object.assign(
        element.style,
        toFloatPlace({ left, top, bottom, width, maxHeight, windowHeight: window.innerHeight }),
      );
    };
    element?.showPopover();
    place();
    const stop = new AbortController();
    window.addEventListener('resize', place, { signal: stop.signal });
    window.addEventListener('scroll', place, { capture: true, passive: true, signal: stop.signal });
    return () => stop.abort();
  }, [anchor, maxHeight]);
  return <div ref={panel} popover="manual" {...rest} />;
}
