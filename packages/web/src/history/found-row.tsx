import type { FoundSession } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { Folder } from 'lucide-react';
import { AgentBadge, AgentName } from '../sessions/agent-badge.tsx';
import { toFolderName } from '../sessions/folder-name.ts';
import { FolderPath } from '../sessions/folder-path.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { FoundFacts } from './found-facts.tsx';
import { LiveSign } from './live-sign.tsx';

export interface FoundRowProps {
  session: FoundSession;
  /** Shows only those of its folder. */
  onFolder?: ((cwd: string) => void) | undefined;
}

/** One stored conversation: the line opens it. */
export const FoundRow = memo(function FoundRow({ session, onFolder }: FoundRowProps) {
  const { id, backend, title, cwd, live } = session;
  return (
    <div className="group/row flex items-center hover:bg-hover">
      <Link
        to="/history/$foundId"
        params={{ foundId: id }}
        className="flex min-w-0 flex-1 items-start gap-2.5 px-3 py-2.5 -outline-offset-2"
      >
        <AgentBadge backend={backend} className="mt-0.5" />
        <span className="sr-only">
          <AgentName backend={backend} />:{' '}
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-x-2">
            <span className="min-w-[min(100%,6rem)] truncate font-medium">{title}</span>
            {live && <LiveSign word="word" />}
          </span>
          <span className="mt-0.5 flex flex-wrap items-center gap-x-3 text-xs text-ink-3">
            <FolderPath path={cwd} className="min-w-0 basis-full wide:min-w-[min(100%,6rem)] wide:flex-1" />
            <FoundFacts session={session} />
          </span>
        </span>
      </Link>
      {onFolder !== undefined && (
        <IconButton
          size="sm"
          label={`Show only ${toFolderName(cwd)}`}
          tooltipSide="left"
          icon={<Folder size={15} strokeWidth={1.75} />}
          onClick={() => onFolder(cwd)}
          className="mr-2 -ml-1 opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100 coarse:hidden"
        />
      )}
    </div>
  );
});
