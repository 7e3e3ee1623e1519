import { memo } from 'react';
import { Markdown } from '../markdown/markdown.tsx';
import { ToolRowView } from '../tool/tool-row.tsx';
import { AnswerRowView } from './answer-row.tsx';
import { ErrorRowView } from './error-row.tsx';
import { GroupRowView } from './group-row.tsx';
import { MarkRowView } from './mark-row.tsx';
import { PlanRowView } from './plan-row.tsx';
import { PromptRowView } from './prompt-row.tsx';
import { ReasoningRowView } from './reasoning-row.tsx';
import type { Row } from './row.ts';
import { SummaryRowView } from './summary-row.tsx';
import { WorkingRowView } from './working-row.tsx';

const INDENT = 24;

/** One row in its place; what stands inside another is indented along a hairline. */
export const RowView = memo(function RowView({ row }: { row: Row }) {
  const depth = Math.min(row.depth, 4);
  return (
    <div data-row={row.key} tabIndex={-1} className="relative outline-offset-2" style={{ paddingLeft: depth * INDENT }}>
      {Array.from({ length: depth }, (_, level) => (
        <span
          key={level}
          aria-hidden="true"
          className="absolute inset-y-0 w-px bg-line"
          style={{ left: level * INDENT + 8 }}
        />
      ))}
      <RowContent row={row} />
    </div>
  );
});

function RowContent({ row }: { row: Row }) {
  switch (row.kind) {
    case 'prompt':
      return <PromptRowView row={row} />;
    case 'message':
      return <Markdown text={row.text} streaming={row.streaming} className="max-w-(--measure) py-1.5" />;
    case 'reasoning':
      return <ReasoningRowView row={row} />;
    case 'tool':
      return <ToolRowView row={row} />;
    case 'group':
      return <GroupRowView row={row} />;
    case 'error':
      return <ErrorRowView row={row} />;
    case 'answer':
      return <AnswerRowView row={row} />;
    case 'plan':
      return <PlanRowView row={row} />;
    case 'mark':
      return <MarkRowView row={row} />;
    case 'working':
      return <WorkingRowView row={row} />;
    case 'summary':
      return <SummaryRowView row={row} />;
  }
}
