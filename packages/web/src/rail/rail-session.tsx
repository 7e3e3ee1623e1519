import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { toFolderName } from '../sessions/folder-name.ts';
import { AgentMark } from '../ui/agent-mark.tsx';
import { StateDot } from '../ui/state-dot.tsx';

/** One line of the rail: whose it is, what it is about, how it stands. */
export function RailSession({ session }: { session: SessionView }) {
  return (
    <li>
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId: session.id }}
        title={`${session.title}\n${toAgentTitle(session.backend)} in ${session.cwd}`}
        className="group flex h-(--row) items-center gap-2 rounded-md px-2 text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-pressed aria-[current]:font-medium aria-[current]:text-ink"
      >
        <AgentMark backend={session.backend} size="sm" />
        <span className="sr-only">{toAgentTitle(session.backend)}: </span>
        <span className="min-w-0 flex-1 truncate">{session.title}</span>
        <span className="hidden max-w-20 truncate text-xs text-ink-3 group-hover:block">
          {toFolderName(session.cwd)}
        </span>
        <StateDot state={session.state} still />
      </Link>
    </li>
  );
}
