import { Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { Button } from '../ui/button.tsx';
import { ComingDialog } from '../ui/coming-dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { TaskCard } from './task-card.tsx';
import { TASK_LANES, TASK_LANE_TITLES, toTaskLanes } from './task-lanes.ts';
import { useTasks } from './use-tasks.ts';

const TaskDialog = lazyPart(async () => (await import('./task-dialog.tsx')).TaskDialog);

/** Work in the background: what runs, what comes next, what is over. */
export function TasksPage() {
  usePageTitle('Tasks');
  const [adding, setAdding] = useState(false);
  return (
    <QueryProvider>
      <div className="scroll-thin h-full overflow-y-auto">
        <div className="mx-auto max-w-200 px-4 pt-4 pb-10 wide:px-6">
          <div className="mb-4 flex min-h-8 items-center gap-3">
            <h1 className="hidden text-md font-semibold wide:block">Tasks</h1>
            <p className="min-w-0 flex-1 text-sm text-ink-3">Each runs by itself, in a session of its own.</p>
            <Button variant="primary" icon={<Plus size={16} strokeWidth={2} />} onClick={() => setAdding(true)}>
              New task
            </Button>
          </div>
          <TaskLanes />
        </div>
      </div>
      {adding && (
        <Suspense fallback={<ComingDialog />}>
          <TaskDialog onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </QueryProvider>
  );
}

function TaskLanes() {
  const { data, error } = useTasks();
  if (data === undefined) {
    return error === null ? (
      <SpinnerAfter what="Loading the tasks" />
    ) : (
      <p role="alert" className="text-failed">
        {error.message}
      </p>
    );
  }
  if (data.length === 0) {
    return (
      <Empty
        title="No tasks yet"
        hint="Give an agent something to do while you do something else. Its result waits here for you."
        className="min-h-[50dvh]"
      />
    );
  }
  const lanes = toTaskLanes(data);
  return TASK_LANES.filter((lane) => lanes[lane].length > 0).map((lane) => (
    <section key={lane} aria-label={TASK_LANE_TITLES[lane]} className="mb-6">
      <h2 className="mb-1.5 flex items-baseline gap-2 text-sm font-medium text-ink-2">
        {TASK_LANE_TITLES[lane]} <span className="tabular text-xs font-normal text-ink-3">{lanes[lane].length}</span>
      </h2>
      <ul className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
        {lanes[lane].map((task) => (
          <TaskCard key={task.id} task={task} />
        ))}
      </ul>
    </section>
  ));
}
