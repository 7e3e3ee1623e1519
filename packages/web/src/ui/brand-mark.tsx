import { cx } from './cx.ts';

/** A conductor's baton: a stroke and its knob. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 20 20" className={cx('size-5 shrink-0', className)} aria-hidden="true">
      <path d="M7.2 12.8 17 3" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <circle cx="5.2" cy="14.8" r="3" fill="var(--accent)" />
    </svg>
  );
}
