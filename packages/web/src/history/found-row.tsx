import type { FoundSession } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { toShortPath } from '../sessions/folder-name.ts';
import { AgentMark } from '../ui/agent-mark.tsx';
import { FoundFacts } from './found-facts.tsx';
import { LiveSign } from './live-sign.tsx';

export interface FoundRowProps {
  session: FoundSession;
  /** Shows only those of its folder. Absent: the folder is only named. */
  onFolder?: ((cwd: string) => void) | undefined;
}

/** One stored conversation. The whole line opens it, but for the folder, which filters by itself. */
export const FoundRow = memo(function FoundRow({ session, onFolder }: FoundRowProps) {
  const { id, backend, title, cwd, live } = session;
  return (
    <div className="relative flex items-start gap-2.5 px-3 py-2.5 hover:bg-hover has-[a:focus-visible]:outline-2 has-[a:focus-visible]:-outline-offset-2 has-[a:focus-visible]:outline-accent">
      <AgentMark backend={backend} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link
            to="/history/$foundId"
            params={{ foundId: id }}
            className="min-w-0 truncate font-medium outline-none after:absolute after:inset-0"
          >
            <span className="sr-only">{toAgentTitle(backend)}: </span>
            {title}
          </Link>
          {live && <LiveSign word="word" />}
        </div>
        <div className="mt-0.5 flex items-center gap-x-3 text-xs text-ink-3">
          {onFolder === undefined ? (
            <span className="min-w-0 flex-1 truncate" title={cwd}>
              {toShortPath(cwd)}
            </span>
          ) : (
            <span className="flex min-w-0 flex-1">
              <button
                type="button"
                title={`Only ${cwd}`}
                onClick={() => onFolder(cwd)}
                className="touch relative z-1 min-w-0 truncate hover:text-ink hover:underline"
              >
                <span className="sr-only">Only folder </span>
                {toShortPath(cwd)}
              </button>
            </span>
          )}
          <FoundFacts session={session} />
        </div>
      </div>
    </div>
  );
});
