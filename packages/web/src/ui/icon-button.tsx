import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { IS_MAC, toAriaKeys } from './key-names.ts';
import { toTooltipProps, type TooltipSide } from './tooltip-props.ts';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  /** The accessible name, also shown as the tooltip: a verb with its object. */
  label: string;
  icon: ReactNode;
  keyHint?: string | undefined;
  size?: 'sm' | 'md';
  tooltipSide?: TooltipSide;
}

export function IconButton({ label, icon, keyHint, size = 'md', tooltipSide, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-keyshortcuts={keyHint === undefined ? undefined : toAriaKeys(keyHint, IS_MAC)}
      {...toTooltipProps(label, keyHint, tooltipSide)}
      {...rest}
      className={cx(
        'touch inline-flex shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-100',
        'hover:bg-hover hover:text-ink active:bg-pressed aria-pressed:bg-pressed aria-pressed:text-ink',
        'disabled:pointer-events-none disabled:opacity-45 data-popup-open:bg-pressed data-popup-open:text-ink',
        size === 'sm' ? 'size-6' : 'size-8',
        className,
      )}
    >
      {icon}
    </button>
  );
}
