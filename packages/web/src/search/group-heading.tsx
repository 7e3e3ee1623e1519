import { AgentBadge } from '../sessions/agent-badge.tsx';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { toFolderName } from '../sessions/folder-name.ts';
import type { HitGroup } from './group-hits.ts';

/** Which conversation the hits under it stand in. */
export function GroupHeading({ group }: { group: HitGroup }) {
  return (
    <>
      <AgentBadge backend={group.backend} size="sm" />
      <span className="min-w-0 truncate font-medium text-ink" title={`${group.title}\n${group.cwd}`}>
        {group.title}
      </span>
      <span className="ml-auto flex shrink-0 gap-1 text-xs text-ink-3">
        {group.id.startsWith('fnd_') && (
          <span>
            Elsewhere<span className="hidden wide:inline"> ·</span>
          </span>
        )}
        <span className="hidden wide:inline">
          {toAgentTitle(group.backend)} · {toFolderName(group.cwd)}
        </span>
      </span>
    </>
  );
}
