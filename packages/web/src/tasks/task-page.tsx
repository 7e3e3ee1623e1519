import { isAppError, taskIdSchema, type TaskId, type TaskView } from '@baton/protocol';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowUpRight, Ban, ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { NotFoundPage } from '../routes/not-found-page.tsx';
import { toFailureWords } from '../session/failure-words.ts';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { Button } from '../ui/button.tsx';
import { showToast } from '../ui/toast.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { TaskFacts } from './task-facts.tsx';
import { isOver } from './task-lanes.ts';
import { TaskOutcome } from './task-outcome.tsx';
import { TaskMark, TaskWords } from './task-standing.tsx';
import { useTask, useTaskActions } from './use-tasks.ts';

/** One task: how it stands, what it came to, and the way to its session. */
export function TaskPage() {
  const text = useParams({ strict: false, select: (params) => params.taskId });
  const parsed = taskIdSchema.safeParse(text);
  if (!parsed.success) return <NotFoundPage />;
  return (
    <QueryProvider>
      <LoadedTask key={parsed.data} id={parsed.data} />
    </QueryProvider>
  );
}

function LoadedTask({ id }: { id: TaskId }) {
  const { data, error } = useTask(id);
  usePageTitle(data?.title ?? 'Task');
  if (data !== undefined) return <Task task={data} />;
  if (error === null) return <SpinnerAfter what="Loading the task" />;
  if (isAppError(error) && error.kind === 'not-found') return <NotFoundPage />;
  return (
    <p role="alert" className="p-6 text-failed">
      {error.message}
    </p>
  );
}

function Task({ task }: { task: TaskView }) {
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <article className="mx-auto flex max-w-200 flex-col gap-4 px-4 pt-4 pb-12 wide:px-6">
        <header className="flex flex-col gap-2">
          <Link
            to="/tasks"
            className="touch hidden items-center gap-1 self-start text-sm text-ink-3 hover:text-ink wide:flex"
          >
            <ChevronLeft size={14} strokeWidth={1.75} aria-hidden="true" />
            All tasks
          </Link>
          <div className="flex flex-wrap items-center gap-3">
            <AgentBadge backend={task.backend} size="lg" />
            <div className="min-w-[min(100%,15rem)] flex-1">
              <h1 className="hidden text-md font-semibold break-words wide:block">{task.title}</h1>
              <p className="flex items-center gap-1.5 text-sm text-ink-2" role="status">
                <TaskMark task={task} />
                <TaskWords task={task} />
              </p>
            </div>
            <TaskButtons task={task} />
          </div>
        </header>
        <TaskOutcome task={task} />
        <TaskFacts task={task} />
      </article>
    </div>
  );
}

function TaskButtons({ task }: { task: TaskView }) {
  const { cancel } = useTaskActions();
  const [busy, setBusy] = useState(false);
  const stop = async () => {
    setBusy(true);
    try {
      await cancel(task.id);
    } catch (error) {
      const description = toFailureWords(error, 'The request did not arrive');
      showToast({ title: 'The task was not cancelled', description, tone: 'failed' });
    }
    setBusy(false);
  };
  return (
    <div className="flex flex-wrap gap-2">
      {task.sessionId !== undefined && (
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: task.sessionId }}
          className="touch inline-flex h-8 items-center gap-2 rounded-md border border-line-strong bg-raised px-3 font-medium hover:bg-hover"
        >
          Open its session
          <ArrowUpRight size={16} strokeWidth={1.75} aria-hidden="true" />
        </Link>
      )}
      {!isOver(task) && (
        <Button
          variant="danger"
          disabled={busy}
          icon={<Ban size={16} strokeWidth={1.75} />}
          onClick={() => void stop()}
        >
          Cancel task
        </Button>
      )}
    </div>
  );
}
