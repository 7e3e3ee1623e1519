import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';
import type { TooltipSide } from './tooltip-props.ts';
import { toTooltipPlace } from './tooltip-place.ts';

const DELAY_MS = 500;
/** After one was shown its neighbours come at once. */
const WARM_MS = 400;

interface Shown {
  control: HTMLElement;
  label: string;
  keys: string | undefined;
}

/** The one tooltip of the page, for whatever carries `data-tip`. Rendered once, at the root. Escape hides it. */
export function TooltipLayer() {
  const shown = useHoveredTip();
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (shown === undefined || tip.current === null) return;
    const { left, top } = toTooltipPlace({
      control: shown.control.getBoundingClientRect(),
      tip: tip.current.getBoundingClientRect(),
      side: toSide(shown.control.dataset['tipSide']),
      window: { width: window.innerWidth, height: window.innerHeight },
    });
    tip.current.style.translate = `${left}px ${top}px`;
  }, [shown]);
  if (shown === undefined) return null;
  return (
    <div
      ref={tip}
      aria-hidden="true"
      className="tip-in pointer-events-none fixed top-0 left-0 z-60 flex max-w-80 items-center gap-2 rounded-md border border-line bg-raised px-2 py-1 text-xs text-ink shadow-float"
    >
      {shown.label}
      {shown.keys !== undefined && <Kbd keys={shown.keys} />}
    </div>
  );
}

function useHoveredTip(): Shown | undefined {
  const [shown, setShown] = useState<Shown | undefined>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let control: HTMLElement | undefined;
    let hiddenAt = Number.NEGATIVE_INFINITY;
    const hide = () => {
      clearTimeout(timer);
      if (control !== undefined) hiddenAt = performance.now();
      control = undefined;
      setShown(undefined);
    };
    const show = (target: HTMLElement, delay: number) => {
      if (target === control) return;
      const wait = performance.now() - hiddenAt < WARM_MS ? 0 : delay;
      clearTimeout(timer);
      control = target;
      timer = setTimeout(() => {
        if (target.isConnected && target.getAttribute('aria-expanded') !== 'true') setShown(toShown(target));
      }, wait);
    };
    // What is pressed may open something over its own tip: for that one the next waits as the first does.
    const onPress = () => {
      hide();
      hiddenAt = Number.NEGATIVE_INFINITY;
    };
    const onOver = (event: PointerEvent) => {
      const target = toControl(event.target);
      if (event.pointerType !== 'mouse' || target === undefined) hide();
      else show(target, DELAY_MS);
    };
    const onFocus = (event: FocusEvent) => {
      const target = toControl(event.target);
      if (target?.matches(':focus-visible') === true) show(target, DELAY_MS);
    };
    const stop = new AbortController();
    const options = { capture: true, passive: true, signal: stop.signal };
    document.addEventListener('pointerover', onOver, options);
    document.addEventListener('focusin', onFocus, options);
    for (const name of ['focusout', 'scroll', 'pointerleave']) document.addEventListener(name, hide, options);
    for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, onPress, options);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, []);
  return shown;
}

function toControl(target: EventTarget | null): HTMLElement | undefined {
  const found = target instanceof Element ? target.closest('[data-tip]') : null;
  return found instanceof HTMLElement ? found : undefined;
}

function toShown(control: HTMLElement): Shown {
  return { control, label: control.dataset['tip'] ?? '', keys: control.dataset['tipKeys'] };
}

function toSide(text: string | undefined): TooltipSide {
  return text === 'top' || text === 'left' || text === 'right' ? text : 'bottom';
}
