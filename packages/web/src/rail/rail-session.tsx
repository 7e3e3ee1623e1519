import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { AgentBadge, useAgentTitle } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { toOrdinal } from '../sessions/ordinal.ts';
import { toShownState } from '../sessions/shown-state.ts';
import { toPlaceWords } from '../sessions/standing.ts';
import { StateDot } from '../ui/state-dot.tsx';

/** One line of the rail: whose it is, what it is about, how it stands. */
export function RailSession({ session }: { session: SessionView }) {
  const agent = useAgentTitle(session.backend);
  return (
    <li>
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        title={`${session.title}\n${agent} in ${session.cwd}`}
        className="group flex h-(--row) items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-pressed aria-[current]:font-medium aria-[current]:text-ink"
      >
        <AgentBadge backend={session.backend} size="sm" />
        <span className="sr-only">{agent}: </span>
        <span className="min-w-0 flex-1 truncate">{session.title}</span>
        <span className="hidden max-w-20 truncate text-xs text-ink-3 group-hover:block">
          {toFolderName(session.cwd)}
        </span>
        {session.waiting !== undefined && (
          <span className="tabular text-xs text-ink-2" aria-hidden="true">
            {toOrdinal(session.waiting.position)}
          </span>
        )}
        {session.quietSince !== undefined && <span className="text-xs text-waiting">quiet</span>}
        <StateDot state={toShownState(session)} still />
        {session.waiting !== undefined && <span className="sr-only">, {toPlaceWords(session.waiting.position)}</span>}
      </Link>
    </li>
  );
}
