import type { AgentQueue } from '@baton/protocol';
import { useSessions } from '../live/baton-provider.tsx';
import { useHold } from '../sessions/use-hold.ts';
import { useSteadyList } from '../sessions/use-steady-list.ts';
import { Button } from '../ui/button.tsx';
import { useQueueActions } from './use-queue.ts';
import { WaitingRow } from './waiting-row.tsx';

/** Sessions that wait for a place, next one first, each with why; the order can be changed and the queue left. */
export function WaitingList({ queue }: { queue: AgentQueue }) {
  const { sessions } = useSessions();
  const actions = useQueueActions();
  const { held, handlers } = useHold();
  const { items, changed, settle, rearrange } = useSteadyList(
    queue.items.map((item) => ({ ...item, id: item.sessionId })),
    held,
  );
  return (
    <div {...handlers}>
      <ol aria-label="Sessions that wait" className="divide-y divide-line rounded-lg border border-line bg-surface">
        {items.map((item) => (
          <WaitingRow
            key={item.id}
            item={item}
            queue={queue}
            session={sessions.find(({ id }) => id === item.id)}
            onMove={async (to) => {
              const hasMoved = await actions.move(item.id, to);
              if (!hasMoved) return;
              rearrange((ids) => {
                const others = ids.filter((id) => id !== item.id);
                return to === 'first' ? [item.id, ...others] : [...others, item.id];
              });
            }}
            onLeave={actions.leave}
          />
        ))}
      </ol>
      {changed && (
        <Button size="sm" variant="quiet" onClick={settle} className="mt-1">
          The order has changed: show
        </Button>
      )}
    </div>
  );
}
