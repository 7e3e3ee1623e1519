import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export interface EmptyProps {
  title: string;
  /** What to do next. */
  hint?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** What stands where a list has nothing in it. */
export function Empty({ title, hint, action, className }: EmptyProps) {
  return (
    <div className={cx('flex flex-col items-center justify-center gap-1 px-6 py-12 text-center', className)}>
      <p className="text-md font-medium text-ink">{title}</p>
      {hint !== undefined && <p className="max-w-96 text-base text-ink-3">{hint}</p>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}
