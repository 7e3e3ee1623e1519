import { ListChecks } from 'lucide-react';
import { memo } from 'react';
import { PlanList } from './plan-list.tsx';
import type { PlanRow } from './row.ts';
import { RowLine } from './row-line.tsx';

/** The plan in the turn it belongs to. */
export const PlanRowView = memo(function PlanRowView({ row }: { row: PlanRow }) {
  const { entries } = row.plan;
  const done = entries.filter((entry) => entry.status === 'completed').length;
  const current = entries.find((entry) => entry.status === 'in-progress');
  return (
    <div>
      <RowLine
        rowKey={row.key}
        unfolded={row.unfolded}
        icon={<ListChecks size={16} strokeWidth={1.75} aria-hidden="true" className="text-ink-3" />}
      >
        <span className="shrink-0 text-ink-2">Plan</span>
        <span className="tabular shrink-0 text-ink-3">
          {done} of {entries.length} done
        </span>
        {!row.unfolded && current !== undefined && <span className="min-w-0 truncate text-ink">{current.title}</span>}
      </RowLine>
      {row.unfolded && (
        <div className="mt-1 mb-2 ml-6">
          <PlanList entries={entries} />
        </div>
      )}
    </div>
  );
});
