import type { FoundSession } from '@baton/protocol';
import { formatCount, formatTokens } from '../session/figures.ts';
import { RelativeTime } from '../ui/relative-time.tsx';

/** "12 turns · 34k tokens · 3 min ago"; what is not known is left out. */
export function FoundFacts({ session: { turns, usage, updatedAt, undated } }: { session: FoundSession }) {
  const tokens = usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
  return (
    <>
      {turns > 0 && <span className="tabular whitespace-nowrap">{formatCount(turns, 'turn')}</span>}
      {tokens > 0 && <span className="tabular whitespace-nowrap">{formatTokens(tokens)} tokens</span>}
      {undated === true ? (
        <span className="whitespace-nowrap">No date</span>
      ) : (
        <RelativeTime at={updatedAt} className="tabular whitespace-nowrap" />
      )}
    </>
  );
}
