import { toAgentTitle } from '../sessions/agent-title.ts';
import { toFolderName } from '../sessions/folder-name.ts';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Badge } from '../ui/badge.tsx';
import type { HitGroup } from './group-hits.ts';

/** Which conversation the hits under it stand in. */
export function GroupHeading({ group }: { group: HitGroup }) {
  return (
    <>
      <AgentMark backend={group.backend} size="sm" />
      <span className="min-w-0 truncate font-medium text-ink" title={`${group.title}\n${group.cwd}`}>
        {group.title}
      </span>
      {group.id.startsWith('fnd_') && <Badge>Elsewhere</Badge>}
      <span className="ml-auto hidden min-w-0 shrink-0 truncate text-xs font-normal text-ink-3 wide:block">
        {toAgentTitle(group.backend)} · {toFolderName(group.cwd)}
      </span>
    </>
  );
}
