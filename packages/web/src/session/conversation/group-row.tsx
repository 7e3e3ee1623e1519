import { Files, Search } from 'lucide-react';
import { memo } from 'react';
import { toGroupLine } from '../tool/tool-line.ts';
import { toShortPath, splitPath } from '../tool/short-path.ts';
import { useConversation } from './conversation-context.ts';
import type { GroupRow } from './row.ts';
import { RowLine } from './row-line.tsx';

/** Reads and searches in a row, as one line. */
export const GroupRowView = memo(function GroupRowView({ row }: { row: GroupRow }) {
  const { cwd } = useConversation();
  const calls = row.entries.flatMap((entry) => (entry.item.type === 'tool-call' ? [entry.item] : []));
  const isRunning = calls.some((call) => call.status === 'running');
  const Icon = calls.every((call) => call.kind === 'search') ? Search : Files;
  const names = [...new Set(calls.flatMap((call) => call.locations?.[0]?.path ?? []))].map(
    (path) => splitPath(toShortPath(path, cwd)).name,
  );
  return (
    <RowLine
      rowKey={row.key}
      unfolded={row.unfolded}
      icon={
        <Icon size={16} strokeWidth={1.75} aria-hidden="true" className={isRunning ? 'text-accent' : 'text-ink-3'} />
      }
    >
      <span className="shrink-0 text-ink-2">{toGroupLine(calls)}</span>
      <span className="min-w-0 truncate font-mono text-xs text-ink-3">{names.join(', ')}</span>
    </RowLine>
  );
});
