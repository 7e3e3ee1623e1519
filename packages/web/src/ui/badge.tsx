import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type Tone = 'neutral' | 'accent' | 'waiting' | 'failed' | 'added' | 'removed';

const TONES: Record<Tone, string> = {
  neutral: 'border-line bg-sunken text-ink-2',
  accent: 'border-accent-line bg-accent-soft text-accent',
  waiting: 'border-waiting-line bg-waiting-soft text-waiting',
  failed: 'border-failed-line bg-failed-soft text-failed',
  added: 'border-transparent bg-added-soft text-added',
  removed: 'border-transparent bg-removed-soft text-removed',
};

export interface BadgeProps {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** One or two words or a number. The words carry the meaning, the tone only repeats it. */
export function Badge({ tone = 'neutral', icon, children, className }: BadgeProps) {
  return (
    <span
      className={cx(
        'tabular inline-flex h-5 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
