import { memo } from 'react';
import { useSessionPart } from '../../live/baton-provider.tsx';
import { StateDot } from '../../ui/state-dot.tsx';
import { useConversation } from './conversation-context.ts';
import { Elapsed } from './elapsed.tsx';
import type { WorkingRow } from './row.ts';

/** The last line of a turn that runs: what is going on, and for how long. */
export const WorkingRowView = memo(function WorkingRowView({ row }: { row: WorkingRow }) {
  const { sessionId } = useConversation();
  const state = useSessionPart(sessionId, (snapshot) => snapshot.view?.state);
  const isWaiting = state === 'waiting';
  return (
    <p className="flex items-center gap-2 pt-3 pb-2 text-sm text-ink-2">
      <span className="flex w-4 justify-center">
        <StateDot state={isWaiting ? 'waiting' : 'running'} />
      </span>
      <span aria-hidden="true">{row.interrupting ? 'Stopping' : isWaiting ? 'Waits for you' : 'Working'}</span>
      <Elapsed from={row.startedAt} className="text-ink-3" />
    </p>
  );
});
