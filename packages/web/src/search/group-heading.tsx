import { toAgentTitle } from '../sessions/agent-title.ts';
import { toFolderName } from '../sessions/folder-name.ts';
import { AgentMark } from '../ui/agent-mark.tsx';
import type { HitGroup } from './group-hits.ts';

/** Which conversation the hits under it stand in. */
export function GroupHeading({ group }: { group: HitGroup }) {
  return (
    <>
      <AgentMark backend={group.backend} size="sm" />
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
