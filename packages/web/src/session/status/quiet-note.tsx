import type { SessionView } from '@baton/protocol';
import { MessageCircleOff } from 'lucide-react';
import { useAgentTitle } from '../../sessions/agent-badge.tsx';
import { toQuietMinutes } from '../../sessions/standing.ts';
import { useSessionActions } from '../../sessions/use-session-actions.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/relative-time.tsx';
import { Note, NOTE_BUTTON } from './note.tsx';

/** That the agent has said nothing for long in a turn, and the two ways out. */
export function QuietNote({ session, since }: { session: SessionView; since: string }) {
  const agent = useAgentTitle(session.backend);
  const actions = useSessionActions(session.id);
  const minutes = toQuietMinutes(since, useNow());
  return (
    <Note
      tone="waiting"
      icon={<MessageCircleOff size={16} strokeWidth={1.75} aria-hidden="true" className="text-waiting" />}
      action={
        <>
          <Button
            size="sm"
            className={NOTE_BUTTON}
            disabled={session.turn?.interrupting === true}
            onClick={actions.interrupt}
          >
            Interrupt turn
          </Button>
          <Button size="sm" className={NOTE_BUTTON} onClick={actions.restart}>
            Restart agent
          </Button>
        </>
      }
    >
      <strong className="font-medium">
        {agent} has been quiet for <span role="timer">{minutes} min</span>.
      </strong>{' '}
      It may think for long, or hang. Interrupting or restarting ends the turn; the conversation stays.
    </Note>
  );
}
