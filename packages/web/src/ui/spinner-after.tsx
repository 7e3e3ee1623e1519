import { LoaderCircle } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

export interface SpinnerAfterProps {
  /** What is awaited, such as "Loading the session". */
  what: string;
  /** What can be done when it takes longer than ten seconds. */
  mend?: ReactNode;
  className?: string;
}

const STAGES = [300, 1000, 10_000] as const;

/** Nothing before 300 ms, a spinner, after 1 s what is awaited in words, after 10 s what can be done. */
export function SpinnerAfter({ what, mend, className }: SpinnerAfterProps) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = STAGES.map((delay, index) => setTimeout(() => setStage(index + 1), delay));
    return () => timers.forEach(clearTimeout);
  }, []);
  if (stage === 0) return null;
  return (
    <div role="status" className={className ?? 'flex h-full flex-col items-center justify-center gap-2 p-8 text-ink-3'}>
      <LoaderCircle size={16} strokeWidth={1.75} className="turning" aria-hidden="true" />
      <span className={stage > 1 ? 'text-sm' : 'sr-only'}>{what}</span>
      {stage > 2 && (
        <span className="max-w-80 text-center text-sm text-ink-2">{mend ?? 'This takes longer than it should.'}</span>
      )}
    </div>
  );
}
