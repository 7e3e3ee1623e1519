import type { SessionView, TaskView } from '@baton/protocol';
import { useClient } from '../live/baton-provider.tsx';
import { useStorePart } from '../live/use-store.ts';
import { toShownState } from '../sessions/shown-state.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { toHeldWords } from './held-words.ts';
import { TASK_STATE_WORDS, TaskSign } from './task-state.tsx';

interface Held {
  session: SessionView;
  words: string;
}

function useHeld({ state, sessionId }: TaskView): Held | undefined {
  const session = useStorePart(useClient().sessions, ({ sessions }) =>
    state === 'running' ? sessions.find(({ id }) => id === sessionId) : undefined,
  );
  const words = session === undefined ? undefined : toHeldWords(session);
  return session === undefined || words === undefined ? undefined : { session, words };
}

/** How a task stands, in words; of one whose agent waits for a place or for its user that. */
export function TaskWords({ task }: { task: TaskView }) {
  const held = useHeld(task);
  if (held === undefined) return TASK_STATE_WORDS[task.state];
  return <span className={toShownState(held.session) === 'waiting' ? 'text-waiting' : ''}>{held.words}</span>;
}

/** The sign that goes with the words. */
export function TaskMark({ task }: { task: TaskView }) {
  const held = useHeld(task);
  if (held === undefined) return <TaskSign state={task.state} />;
  return (
    <span className="flex h-5 w-4 shrink-0 items-center justify-center">
      <StateDot state={toShownState(held.session)} />
    </span>
  );
}
