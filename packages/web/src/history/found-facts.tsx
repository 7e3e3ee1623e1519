import type { FoundSession } from '@baton/protocol';
import { formatCount, formatTokens } from '../session/figures.ts';
import { RelativeTime } from '../ui/relative-time.tsx';

/** "12 turns · 34k tokens · 3 min ago" */
export function FoundFacts({ session: { turns, usage, updatedAt } }: { session: FoundSession }) {
  const tokens = usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
  return (
    <>
      <span className="tabular whitespace-nowrap">{formatCount(turns, 'turn')}</span>
      {tokens > 0 && <span className="tabular whitespace-nowrap">{formatTokens(tokens)} tokens</span>}
      <RelativeTime at={updatedAt} className="tabular whitespace-nowrap" />
    </>
  );
}
