import type { TaskId, TaskView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TextOutput } from '../session/tool/text-output.tsx';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { WholePath } from '../ui/whole-path.tsx';
import { useTasks } from './use-tasks.ts';

/** What was asked for, and how it is to be done. */
export function TaskFacts({ task }: { task: TaskView }) {
  const facts: [string, ReactNode][] = [
    ['Agent', toAgentTitle(task.backend)],
    ...(task.model === undefined ? [] : [['Model', task.model] satisfies [string, ReactNode]]),
    ...(task.mode === undefined ? [] : [['Mode', task.mode] satisfies [string, ReactNode]]),
    [
      'Folder',
      <span key="cwd" className="font-mono text-xs">
        <WholePath path={task.cwd} />
      </span>,
    ],
    ['Priority', task.priority === 0 ? 'Normal' : String(task.priority)],
    ['Tries', `${task.attempts} of ${task.retries + 1}`],
    ...(task.after.length === 0
      ? []
      : [['After', <After key="after" ids={task.after} />] satisfies [string, ReactNode]]),
    ['Made', <RelativeTime key="made" at={task.createdAt} />],
  ];
  return (
    <>
      <section aria-label="Prompt">
        <h2 className="mb-1 text-sm font-medium text-ink-2">Prompt</h2>
        <p className="rounded-lg border border-line bg-raised px-4 py-3 text-base break-words whitespace-pre-wrap">
          {task.prompt}
        </p>
      </section>
      <dl className="tabular grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-words text-ink-2">{value}</dd>
          </div>
        ))}
      </dl>
      {task.schema !== undefined && (
        <section aria-label="Schema of the result">
          <h2 className="mb-1 text-sm font-medium text-ink-2">The result has to follow</h2>
          <TextOutput text={JSON.stringify(task.schema, null, 2)} language="json" />
        </section>
      )}
    </>
  );
}

function After({ ids }: { ids: readonly TaskId[] }) {
  const tasks = useTasks().data ?? [];
  return (
    <ul className="flex flex-col gap-0.5">
      {ids.map((id) => (
        <li key={id}>
          <Link to="/tasks/$taskId" params={{ taskId: id }} className="text-accent hover:underline">
            {tasks.find((task) => task.id === id)?.title ?? id}
          </Link>
        </li>
      ))}
    </ul>
  );
}
