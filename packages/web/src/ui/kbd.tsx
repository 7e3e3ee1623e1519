import { cx } from './cx.ts';
import { IS_MAC, toKeyNames } from './key-names.ts';

export interface KbdProps {
  /** A combination such as `Mod+Enter`, `N` or `?`. */
  keys: string;
  /** `inherit` takes the colour of the button it is printed on. */
  tone?: 'plain' | 'inherit';
  className?: string;
}

/** Keys as they are printed; hidden from screen readers, which read `aria-keyshortcuts` of the control instead. */
export function Kbd({ keys, tone = 'plain', className }: KbdProps) {
  return (
    <span aria-hidden="true" className={cx('inline-flex shrink-0 items-center gap-0.5', className)}>
      {toKeyNames(keys, IS_MAC).map((name) => (
        <kbd
          key={name}
          className={cx(
            'inline-flex h-[1.125rem] min-w-[1.125rem] items-center justify-center rounded-sm px-1 font-sans text-xs leading-none',
            tone === 'plain' ? 'border border-line bg-sunken text-ink-3' : 'border border-current/40 text-current',
          )}
        >
          {name}
        </kbd>
      ))}
    </span>
  );
}
