import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';
import { Kbd } from './kbd.tsx';
import { IS_MAC, toAriaKeys } from './key-names.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** An icon of 16 px before the words. */
  icon?: ReactNode;
  /** The key that does the same, printed on the button. Registering it is the caller's work. */
  keyHint?: string | undefined;
}

const VARIANTS: Record<ButtonVariant, string> = {
  primary:
    'bg-accent-fill text-accent-fill-ink hover:bg-accent-fill/90 active:bg-accent-fill/80 border border-transparent',
  secondary: 'bg-raised text-ink border border-line-strong hover:bg-hover active:bg-pressed',
  quiet: 'text-ink-2 border border-transparent hover:bg-hover hover:text-ink active:bg-pressed',
  danger: 'bg-raised text-failed border border-failed-line hover:bg-failed-soft active:bg-failed-soft',
};

const SIZES: Record<ButtonSize, string> = {
  sm: 'h-7 px-2 gap-1.5 text-sm',
  md: 'h-8 px-3 gap-2 text-ui',
  lg: 'h-10 px-4 gap-2 text-base',
};

/** A verb with its object. `type` is `button` unless told otherwise, so that no form is sent by accident. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  keyHint,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-keyshortcuts={keyHint === undefined ? undefined : toAriaKeys(keyHint, IS_MAC)}
      {...rest}
      className={cx(
        'touch inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap select-none',
        'transition-colors duration-100 disabled:pointer-events-none disabled:opacity-45',
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
    >
      {icon}
      {children}
      {keyHint !== undefined && <Kbd keys={keyHint} tone="inherit" className="-mr-1 ml-0.5 coarse:hidden" />}
    </button>
  );
}
