import { toShellWords } from '@baton/client';
import type { SessionView } from '@baton/protocol';
import {
  Archive,
  ArchiveRestore,
  Copy,
  Ellipsis,
  GitBranchPlus,
  PenLine,
  Play,
  Square,
  SquareTerminal,
  Trash2,
} from 'lucide-react';
import { toShownState } from '../../sessions/shown-state.ts';
import { useSessionActions } from '../../sessions/use-session-actions.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx';
import { useCapabilities } from '../../live/use-capabilities.ts';
import { useFork } from '../branch/use-fork.ts';
import { copyText } from './copy-text.ts';

export interface SessionMenuProps {
  session: SessionView;
  onRename(): void;
  onDelete(): void;
}

const ICON = { size: 16, strokeWidth: 1.75 };

/** What can be done with a session as a whole. */
export function SessionMenu({ session, onRename, onDelete }: SessionMenuProps) {
  const actions = useSessionActions(session.id);
  const fork = useFork(session.id);
  const canFork = useCapabilities(session.backend).has('fork');
  const isUp = session.state !== 'stopped' && session.state !== 'failed';
  return (
    <Menu
      side="top"
      align="end"
      trigger={<IconButton size="sm" label="Session menu" tooltipSide="top" icon={<Ellipsis {...ICON} />} />}
    >
      <MenuItem icon={<PenLine {...ICON} />} onSelect={onRename}>
        Rename session
      </MenuItem>
      {isUp ? (
        <MenuItem icon={<Square {...ICON} />} onSelect={actions.stop}>
          {session.waiting === undefined ? 'Stop agent' : 'Leave the queue'}
        </MenuItem>
      ) : (
        <MenuItem icon={<Play {...ICON} />} onSelect={actions.start}>
          {toShownState(session) === 'asleep' ? 'Wake agent' : 'Start agent'}
        </MenuItem>
      )}
      {canFork && (
        <MenuItem icon={<GitBranchPlus {...ICON} />} onSelect={() => fork()}>
          Fork session
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<Copy {...ICON} />} onSelect={() => void copyText(session.id)}>
        Copy session id
      </MenuItem>
      <MenuItem icon={<Copy {...ICON} />} onSelect={() => void copyText(`baton attach ${session.id}`)}>
        Copy attach command
      </MenuItem>
      {session.join !== undefined && (
        <MenuItem icon={<SquareTerminal {...ICON} />} onSelect={() => void copyText(toShellWords(session.join ?? []))}>
          Copy command to join in a terminal
        </MenuItem>
      )}
      {session.nativeId !== undefined && (
        <MenuItem icon={<Copy {...ICON} />} onSelect={() => void copyText(session.nativeId ?? '')}>
          Copy the agent's own id
        </MenuItem>
      )}
      <MenuSeparator />
      {session.archived ? (
        <MenuItem icon={<ArchiveRestore {...ICON} />} onSelect={actions.unarchive}>
          Bring session back
        </MenuItem>
      ) : (
        <MenuItem icon={<Archive {...ICON} />} onSelect={actions.archive}>
          Archive session
        </MenuItem>
      )}
      <MenuItem icon={<Trash2 {...ICON} />} danger onSelect={onDelete}>
        Delete session
      </MenuItem>
    </Menu>
  );
}
