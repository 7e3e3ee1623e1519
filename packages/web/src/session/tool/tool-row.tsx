import type { ToolCallItem } from '@baton/protocol';
import { memo } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { cx } from '../../ui/cx.ts';
import { Elapsed } from '../conversation/elapsed.tsx';
import { useConversation } from '../conversation/conversation-context.ts';
import type { ToolRow } from '../conversation/row.ts';
import { RowLine } from '../conversation/row-line.tsx';
import { formatCount } from '../figures.ts';
import { Changes } from './changes.tsx';
import { ToolBody } from './tool-body.tsx';
import { hasToolBody } from './tool-content.ts';
import { PathText } from './path-text.tsx';
import { ToolIcon } from './tool-icon.tsx';
import { toToolLine, type ToolLine } from './tool-line.ts';

/** One tool call: a line, and below it what matters first when it is open. */
export const ToolRowView = memo(function ToolRowView({ row }: { row: ToolRow }) {
  const { cwd } = useConversation();
  const { entry } = row;
  if (entry.item.type !== 'tool-call') return null;
  const call = entry.item;
  const asked = toAsked(row);
  const status = asked ?? call.status;
  const line = toToolLine(call, cwd, asked);
  const isFoldable = row.steps > 0 || hasToolBody(call, entry.liveOutput);
  return (
    <div>
      <RowLine
        rowKey={row.key}
        unfolded={row.unfolded}
        foldable={isFoldable}
        icon={<ToolIcon kind={call.kind} status={status} />}
        trailing={
          asked !== undefined ? null : (
            <Elapsed from={call.startedAt} to={entry.open ? undefined : (call.endedAt ?? entry.endedAt)} />
          )
        }
      >
        <ToolWords line={line} isOff={asked === 'withdrawn' || OFF_STATES.has(call.status)} />
        <ToolTail row={row} call={call} />
      </RowLine>
      {row.unfolded && isFoldable && <ToolBody call={call} liveOutput={entry.liveOutput} cwd={cwd} />}
    </div>
  );
});

// What did not happen.
const OFF = 'text-ink-3 line-through decoration-ink-3/60 *:text-ink-3';

const OFF_STATES: ReadonlySet<ToolCallItem['status']> = new Set(['denied', 'interrupted']);

// One that was carried out all the same, for example by the agent's own leave, is told as it went.
function toAsked({ approval, entry }: ToolRow): 'waiting' | 'withdrawn' | undefined {
  if (approval?.state === 'pending') return 'waiting';
  const isCut = entry.item.type === 'tool-call' && entry.item.status === 'interrupted';
  return approval?.state === 'withdrawn' && isCut ? 'withdrawn' : undefined;
}

function ToolWords({ line, isOff }: { line: ToolLine; isOff: boolean }) {
  return (
    <>
      {line.verb !== '' && <span className="shrink-0 text-ink-2">{line.verb}</span>}
      {line.path ? (
        <PathText path={line.object} className={cx('text-[0.78125rem]', isOff && OFF)} />
      ) : (
        <span
          title={line.object}
          className={cx(
            'min-w-0 truncate',
            line.mono ? 'font-mono text-[0.78125rem]' : 'font-medium',
            isOff ? OFF : 'text-ink',
          )}
        >
          {line.object}
        </span>
      )}
      {line.changes !== undefined && <Changes {...line.changes} />}
    </>
  );
}

// What a line has to say beyond its words: an exit code, the steps of a subagent, an answer.
function ToolTail({ row, call }: { row: ToolRow; call: ToolCallItem }) {
  return (
    <>
      <ApprovalTail row={row} call={call} />
      <ExitCode call={call} />
      {row.steps > 0 && <span className="tabular shrink-0 text-xs text-ink-3">{formatCount(row.steps, 'step')}</span>}
      {!row.unfolded && <LatestStep row={row} />}
    </>
  );
}

function ApprovalTail({ row: { approval }, call }: { row: ToolRow; call: ToolCallItem }) {
  if (approval?.state === 'pending') return <Badge tone="waiting">Waits for you</Badge>;
  if (approval?.state === 'withdrawn') {
    return (
      <span className="max-w-1/2 shrink-0 truncate text-xs text-ink-3" title={approval.reason}>
        No longer asked{approval.reason === undefined ? '' : `: ${approval.reason}`}
      </span>
    );
  }
  if (call.status !== 'denied' || approval?.note === undefined) return null;
  return <span className="min-w-0 truncate text-ink-2">{`\u201c${approval.note}\u201d`}</span>;
}

function ExitCode({ call }: { call: ToolCallItem }) {
  const code = call.output?.find((part) => part.type === 'terminal')?.exitCode;
  return call.status === 'failed' && code != null && code !== 0 ? <Badge tone="failed">exit {code}</Badge> : null;
}

// What a subagent is doing now.
function LatestStep({ row }: { row: ToolRow }) {
  const { cwd } = useConversation();
  if (row.latest?.item.type !== 'tool-call') return null;
  const { verb, object } = toToolLine(row.latest.item, cwd);
  return (
    <span className="min-w-0 truncate text-ink-3">
      {verb} {object}
    </span>
  );
}
