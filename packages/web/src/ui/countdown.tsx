import { useSecond } from './use-second.ts';

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
  return <span className="tabular whitespace-nowrap">{`${before}in ${toTimeLeft(left)}`}</span>;
}

/** "24 s", "1 min 5 s". */
export function toTimeLeft(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
