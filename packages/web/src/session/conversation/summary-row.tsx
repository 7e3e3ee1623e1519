import type { TimelineTurn } from '@baton/core';
import { memo } from 'react';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { formatCost, formatCount, formatDuration, formatTokens } from '../figures.ts';
import { Changes } from '../tool/changes.tsx';
import { TurnMenu } from '../branch/turn-menu.tsx';
import { useConversation } from './conversation-context.ts';
import type { SummaryRow } from './row.ts';
import { SendAgain } from './send-again.tsx';
import type { TurnSummary } from './turn-summary.ts';

const OUTCOMES: Record<Exclude<TimelineTurn['state'], 'running'>, string> = {
  completed: 'Done',
  interrupted: 'Interrupted',
  failed: 'Failed',
};

/** How a turn ended, in figures. */
export const SummaryRowView = memo(function SummaryRowView({ row }: { row: SummaryRow }) {
  const { turn, summary } = row;
  const { readOnly } = useConversation();
  const outcome = turn.state === 'running' ? '' : OUTCOMES[turn.state];
  const tokens = turn.usage === undefined ? 0 : turn.usage.inputTokens + turn.usage.outputTokens;
  return (
    <div className="group/turn tabular relative flex flex-wrap items-center gap-x-3 gap-y-0.5 pt-3 pr-8 pb-2 text-xs text-ink-3 wide:pr-0">
      <span className={turn.state === 'failed' ? 'text-failed' : 'text-ink-2'}>
        {outcome}
        {/* Of some that began elsewhere no times are known. */}
        {turn.durationMs !== undefined && turn.durationMs > 0 && ` in ${formatDuration(turn.durationMs)}`}
      </span>
      <Work summary={summary} />
      {tokens > 0 && <span title={toTokenWords(turn)}>{formatTokens(tokens)} tokens</span>}
      {turn.costUsd !== undefined && turn.costUsd > 0 && <span>{formatCost(turn.costUsd)}</span>}
      {turn.endedAt !== undefined && <RelativeTime at={turn.endedAt} />}
      {!readOnly && <NextSteps turn={turn} />}
    </div>
  );
});

function NextSteps({ turn }: { turn: TimelineTurn }) {
  return (
    <>
      <TurnMenu turnId={turn.turnId} />
      {turn.state === 'failed' && turn.input.length > 0 && <SendAgain turn={turn} />}
    </>
  );
}

function Work({ summary }: { summary: TurnSummary }) {
  return (
    <>
      {summary.files > 0 && (
        <span className="inline-flex gap-1.5">
          {formatCount(summary.files, 'file')}
          <Changes added={summary.added} removed={summary.removed} />
        </span>
      )}
      {summary.commands > 0 && (
        <span>
          {formatCount(summary.commands, 'command')}
          {summary.failedCommands > 0 && `, ${summary.failedCommands} failed`}
        </span>
      )}
    </>
  );
}

function toTokenWords({ usage }: TimelineTurn): string | undefined {
  if (usage === undefined) return undefined;
  const parts = [`${usage.inputTokens.toLocaleString('en')} in`, `${usage.outputTokens.toLocaleString('en')} out`];
  if (usage.cacheReadTokens) parts.push(`${usage.cacheReadTokens.toLocaleString('en')} read from cache`);
  if (usage.cacheWriteTokens) parts.push(`${usage.cacheWriteTokens.toLocaleString('en')} written to cache`);
  return parts.join(', ');
}
