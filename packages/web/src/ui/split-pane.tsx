import { useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { cx } from './cx.ts';
import { clampWidth, parseWidth, toKeyedWidth, type PaneLimits } from './pane-width.ts';
import { createStoredValue } from './stored-value.ts';

export interface SplitPaneProps {
  /** Its width is remembered under this name. */
  name: string;
  side: 'left' | 'right';
  open: boolean;
  /** For screen readers, such as "Sessions". */
  label: string;
  limits: PaneLimits;
  /** `nav` and `aside` become the matching landmarks. */
  as?: 'nav' | 'aside';
  className?: string;
  children: ReactNode;
}

/** A column at the edge whose inner side can be dragged, or moved with the arrow keys; double click resets it. */
export function SplitPane({ name, side, open, label, limits, as: Tag = 'aside', className, children }: SplitPaneProps) {
  const [stored] = useState(() => createStoredValue(`pane.${name}`));
  const [width, setWidth] = useState(() => parseWidth(stored.get(), limits));
  const start = useRef<{ x: number; width: number } | null>(null);
  const change = (next: number) => {
    setWidth(next);
    stored.set(String(next));
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current === null) return;
    const moved = (event.clientX - start.current.x) * (side === 'left' ? 1 : -1);
    change(clampWidth(start.current.width + moved, limits));
  };
  if (!open) return null;
  return (
    <Tag
      aria-label={label}
      style={{ width }}
      className={cx(
        'relative flex min-h-0 shrink-0 flex-col border-line',
        side === 'left' ? 'border-r' : 'border-l',
        className,
      )}
    >
      {children}
      <div
        role="separator"
        aria-label={`Width of ${label}`}
        aria-orientation="vertical"
        aria-valuenow={width}
        aria-valuemin={limits.min}
        aria-valuemax={limits.max}
        tabIndex={0}
        onDoubleClick={() => change(limits.initial)}
        onKeyDown={(event) => {
          const next = toKeyedWidth(event.key, width, { ...limits, side });
          if (next === undefined) return;
          event.preventDefault();
          change(next);
        }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = { x: event.clientX, width };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => {
          start.current = null;
        }}
        className={cx(
          'absolute inset-y-0 z-10 w-2 cursor-col-resize touch-none',
          'after:absolute after:inset-y-0 after:left-1/2 after:w-0.5 after:-translate-x-1/2 after:transition-colors hover:after:bg-accent-line active:after:bg-accent focus-visible:outline-none focus-visible:after:bg-accent',
          side === 'left' ? '-right-1' : '-left-1',
        )}
      />
    </Tag>
  );
}
