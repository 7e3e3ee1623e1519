import type { SessionView } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { GitBranchPlus } from 'lucide-react';
import { useSessionView } from '../../live/baton-provider.tsx';

/** Over the conversation of a fork: which session it comes from. */
export function ForkNote({ parent }: { parent: NonNullable<SessionView['parent']> }) {
  const source = useSessionView(parent.sessionId);
  return (
    <div className="border-b border-line">
      <p className="mx-auto flex max-w-(--column) items-center gap-1.5 px-4 py-1.5 text-xs text-ink-3 wide:px-6">
        <GitBranchPlus size={14} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
        <span className="shrink-0">Fork of</span>
        {source === undefined ? (
          <span>a session that is not here any more</span>
        ) : (
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: parent.sessionId }}
            {...(parent.turnId === undefined ? {} : { hash: parent.turnId })}
            className="touch min-w-0 truncate font-medium text-ink-2 underline decoration-line-strong underline-offset-2 hover:text-ink"
          >
            {source.title}
          </Link>
        )}
      </p>
    </div>
  );
}
