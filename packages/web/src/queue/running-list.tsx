import type { AgentQueue, SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { Square } from 'lucide-react';
import { useSessions } from '../live/baton-provider.tsx';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { SessionStanding } from '../sessions/session-standing.tsx';
import { toShownState } from '../sessions/shown-state.ts';
import { useSessionActions } from '../sessions/use-session-actions.ts';
import { Button } from '../ui/button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StateDot } from '../ui/state-dot.tsx';

/** Sessions whose agent has a place, in the order in which they took it. */
export function RunningList({ queue }: { queue: AgentQueue }) {
  const { sessions } = useSessions();
  const shown = queue.running.flatMap(({ sessionId }) => sessions.find(({ id }) => id === sessionId) ?? []);
  return (
    <ul
      aria-label="Sessions that have a place"
      className="divide-y divide-line rounded-lg border border-line bg-surface"
    >
      {shown.map((session) => (
        <RunningRow key={session.id} session={session} />
      ))}
    </ul>
  );
}

function RunningRow({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  return (
    <li className="flex items-center gap-3 py-2.5 pr-2 pl-3">
      <AgentBadge backend={session.backend} />
      <div className="min-w-0 flex-1">
        <Link
          to="/sessions/$sessionId"
          params={{ sessionId: session.id }}
          className="touch block truncate font-medium hover:underline"
        >
          {session.title}
        </Link>
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
          <StateDot state={toShownState(session)} word="word" still />
          <SessionStanding session={session} />
          {session.turn !== undefined && (
            <span>
              began <RelativeTime at={session.turn.startedAt} className="tabular" />
            </span>
          )}
          <span className="min-w-0 truncate" title={session.cwd}>
            {toFolderName(session.cwd)}
          </span>
        </p>
      </div>
      <Button
        size="sm"
        icon={<Square size={14} strokeWidth={1.75} />}
        onClick={actions.stop}
        aria-label={`Stop the agent of “${session.title}”`}
      >
        Stop
      </Button>
    </li>
  );
}
