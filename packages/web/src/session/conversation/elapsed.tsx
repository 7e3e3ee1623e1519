import { formatDuration } from '../figures.ts';
import { useSecond } from '../../ui/use-second.ts';

export interface ElapsedProps {
  /** RFC 3339. */
  from: string;
  /** Still counting when absent. */
  to?: string | undefined;
  className?: string;
}

/** How long something took or has been taking. Nothing for less than a second: it would only flicker. */
export function Elapsed({ from, to, className }: ElapsedProps) {
  const now = useSecond(to === undefined);
  const ms = Math.max(0, (to === undefined ? now : Date.parse(to)) - Date.parse(from));
  if (ms < 1000) return null;
  return <span className={`tabular whitespace-nowrap ${className ?? ''}`}>{formatDuration(ms)}</span>;
}
