import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { Hourglass } from 'lucide-react';
import { QueryProvider } from '../../live/query-provider.tsx';
import { toWaitWords } from '../../queue/queue-words.ts';
import { useQueue, useQueueActions } from '../../queue/use-queue.ts';
import { useAgentTitle } from '../../sessions/agent-badge.tsx';
import { toPlaceWords } from '../../sessions/standing.ts';
import { Button } from '../../ui/button.tsx';
import { Countdown } from '../../sessions/countdown.tsx';
import { Note, NOTE_BUTTON } from './note.tsx';

export interface QueueNoteProps {
  session: SessionView;
  position: number;
}

/** That a session waits for a place, why, and how to go first or not to wait. */
export function QueueNote(props: QueueNoteProps) {
  return (
    <QueryProvider>
      <WaitingNote {...props} />
    </QueryProvider>
  );
}

function WaitingNote({ session, position }: QueueNoteProps) {
  const { data: queue } = useQueue();
  const actions = useQueueActions();
  const agent = useAgentTitle(session.backend);
  const item = queue?.items.find(({ sessionId }) => sessionId === session.id);
  return (
    <Note
      icon={<Hourglass size={16} strokeWidth={1.75} aria-hidden="true" className="text-ink-3" />}
      action={
        <>
          {position > 1 && (
            <Button size="sm" className={NOTE_BUTTON} onClick={() => void actions.move(session.id, 'first')}>
              Go first
            </Button>
          )}
          <Button size="sm" className={NOTE_BUTTON} onClick={() => void actions.leave(session)}>
            Leave the queue
          </Button>
        </>
      }
    >
      {agent} waits for a place to start in, {toPlaceWords(position)}.{' '}
      {queue !== undefined && item !== undefined && (
        <>
          {toWaitWords(item, { agent, limits: queue.limits })}
          {item.notBefore !== undefined && (
            <>
              {', '}
              <Countdown before="tried again " to={item.notBefore} over="tried again now" />
            </>
          )}
          .{' '}
        </>
      )}
      <Link to="/queue" className="font-medium whitespace-nowrap text-accent underline">
        Show the queue
      </Link>
    </Note>
  );
}
