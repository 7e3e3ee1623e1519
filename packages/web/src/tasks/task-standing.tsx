import type { TaskView } from '@baton/protocol';
import { useClient } from '../live/baton-provider.tsx';
import { useStorePart } from '../live/use-store.ts';
import { toPlaceWords } from '../sessions/standing.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { TASK_STATE_WORDS, TaskSign } from './task-state.tsx';

// A task that has begun may still wait for a place for its agent.
function usePlace({ state, sessionId }: TaskView): number | undefined {
  return useStorePart(useClient().sessions, ({ sessions }) =>
    state === 'running' ? sessions.find(({ id }) => id === sessionId)?.waiting?.position : undefined,
  );
}

/** How a task stands, in words; of one whose agent waits for a place that. */
export function TaskWords({ task }: { task: TaskView }) {
  const position = usePlace(task);
  return position === undefined ? TASK_STATE_WORDS[task.state] : `Waits for a place, ${toPlaceWords(position)}`;
}

/** The sign that goes with the words. */
export function TaskMark({ task }: { task: TaskView }) {
  const position = usePlace(task);
  if (position === undefined) return <TaskSign state={task.state} />;
  return (
    <span className="flex h-5 w-4 shrink-0 items-center justify-center">
      <StateDot state="queued" />
    </span>
  );
}
