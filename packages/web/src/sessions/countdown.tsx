import { formatDuration } from '../session/figures.ts';
import { useSecond } from '../ui/use-second.ts';

export interface CountdownProps {
  /** RFC 3339. */
  to: string;
  /** Stands there when the time has come. */
  over: string;
  /** Goes before the time that is left. */
  before?: string;
}

/** "in 24 s", counting down by the second; it is not read out while it counts. */
export function Countdown({ to, over, before = '' }: CountdownProps) {
  const left = Math.ceil((Date.parse(to) - useSecond()) / 1000);
  if (left <= 0) return over;
  return (
    <span role="timer" className="tabular whitespace-nowrap">
      {`${before}in ${formatDuration(left * 1000)}`}
    </span>
  );
}
