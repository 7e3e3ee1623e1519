import type { TaskState } from '@baton/protocol';
import { Ban, CircleAlert, CircleCheck, CircleDashed, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import { StateDot } from '../ui/state-dot.tsx';

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

export const TASK_STATE_WORDS: Record<TaskState, string> = {
  waiting: 'Waits for another task',
  queued: 'Queued',
  running: 'Working',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const SIGNS: Record<TaskState, ReactNode> = {
  waiting: <Clock {...ICON} className="text-ink-3" />,
  queued: <CircleDashed {...ICON} className="text-ink-3" />,
  running: <StateDot state="running" />,
  succeeded: <CircleCheck {...ICON} className="text-ink-3" />,
  failed: <CircleAlert {...ICON} className="text-failed" />,
  cancelled: <Ban {...ICON} className="text-ink-3" />,
};

/** How a task stands: a sign, and its word beside it or for screen readers. */
export function TaskSign({ state }: { state: TaskState }) {
  return <span className="flex h-5 w-4 shrink-0 items-center justify-center">{SIGNS[state]}</span>;
}
