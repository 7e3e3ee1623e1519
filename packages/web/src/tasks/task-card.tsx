import type { TaskView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { AgentBadge, AgentName } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { RelativeTime } from '../ui/relative-time.tsx';
import { TaskMark, TaskWords } from './task-standing.tsx';

/** One line of the list: how it stands, what it is, who does it. */
export function TaskCard({ task }: { task: TaskView }) {
  return (
    <li>
      <Link
        to="/tasks/$taskId"
        params={{ taskId: task.id }}
        className="flex items-start gap-2.5 px-3 py-2.5 hover:bg-hover coarse:min-h-11"
      >
        <TaskMark task={task} />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-3">
            <span className="min-w-0 flex-1 truncate font-medium">{task.title}</span>
            <RelativeTime
              at={task.endedAt ?? task.startedAt ?? task.createdAt}
              className="tabular shrink-0 text-xs text-ink-3"
            />
          </span>
          <span className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-3">
            <AgentBadge backend={task.backend} size="sm" />
            <span className="min-w-0 truncate">
              <TaskWords task={task} /> · <AgentName backend={task.backend} /> in {toFolderName(task.cwd)}
              {task.attempts > 1 && ` · try ${task.attempts}`}
            </span>
          </span>
          {task.state === 'failed' && task.failure !== undefined && (
            <span className="mt-0.5 line-clamp-2 block text-xs text-failed">{task.failure.message}</span>
          )}
        </span>
      </Link>
    </li>
  );
}
