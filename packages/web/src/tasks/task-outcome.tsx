import type { TaskView } from '@baton/protocol';
import { FailureNote } from '../session/conversation/error-row.tsx';
import { formatCost, formatDuration, formatTokens } from '../session/figures.ts';
import { Markdown } from '../session/markdown/markdown.tsx';
import { TextOutput } from '../session/tool/text-output.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { useTaskResult } from './use-tasks.ts';
import '../session/session.css';

/** What a task came to: its value and words, or why it failed. Nothing before it is over. */
export function TaskOutcome({ task }: { task: TaskView }) {
  if (task.state === 'succeeded') return <Result task={task} />;
  if (task.state === 'failed' && task.failure !== undefined) return <FailureNote failure={task.failure} />;
  return null;
}

function Result({ task }: { task: TaskView }) {
  const { data, error } = useTaskResult(task);
  if (data === undefined) {
    return error === null ? (
      <SpinnerAfter what="Loading the result" className="flex items-center gap-2 text-sm text-ink-3" />
    ) : (
      <p role="alert" className="text-failed">
        {error.message}
      </p>
    );
  }
  const tokens = data.usage === undefined ? 0 : data.usage.inputTokens + data.usage.outputTokens;
  return (
    <section aria-label="Result" className="conversation flex flex-col gap-3">
      {data.value !== undefined && (
        <div>
          <h2 className="mb-1 text-sm font-medium text-ink-2">Value</h2>
          <TextOutput text={JSON.stringify(data.value, null, 2)} language="json" />
        </div>
      )}
      <div>
        <h2 className="mb-1 text-sm font-medium text-ink-2">Result</h2>
        <div className="rounded-lg border border-line bg-surface px-4 py-3">
          {data.text.trim() === '' ? (
            <p className="text-ink-3">The agent said nothing at the end.</p>
          ) : (
            <Markdown text={data.text} className="max-w-(--measure)" />
          )}
        </div>
      </div>
      <p className="tabular flex flex-wrap gap-x-3 text-xs text-ink-3">
        <span>{formatDuration(data.durationMs)}</span>
        {tokens > 0 && <span>{formatTokens(tokens)} tokens</span>}
        {data.costUsd !== undefined && data.costUsd > 0 && <span>{formatCost(data.costUsd)}</span>}
      </p>
    </section>
  );
}
