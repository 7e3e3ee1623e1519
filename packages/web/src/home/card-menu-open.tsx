import type { SessionView } from '@baton/protocol';
import { Archive, ArchiveRestore, CircleStop, Copy, FolderPlus, Play, Square } from 'lucide-react';
import { useOpenOverlay } from '../frame/overlay.ts';
import { toShownState } from '../sessions/shown-state.ts';
import { useSessionActions } from '../sessions/use-session-actions.ts';
import { CardMenuButton } from './card-menu-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx';

const ICON = { size: 16, strokeWidth: 1.75 };

/** The menu of a card, open from its first moment. */
export function CardMenuOpen({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  const openOverlay = useOpenOverlay();
  const isLive = session.state !== 'stopped' && session.state !== 'failed';
  return (
    <Menu align="end" defaultOpen trigger={<CardMenuButton session={session} />}>
      {session.turn !== undefined && (
        <MenuItem icon={<CircleStop {...ICON} />} onSelect={actions.interrupt}>
          Interrupt turn
        </MenuItem>
      )}
      {isLive ? (
        <MenuItem icon={<Square {...ICON} />} onSelect={actions.stop}>
          {session.waiting === undefined ? 'Stop agent' : 'Leave the queue'}
        </MenuItem>
      ) : (
        <MenuItem icon={<Play {...ICON} />} onSelect={actions.start}>
          {toShownState(session) === 'asleep' ? 'Wake agent' : 'Start agent'}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<FolderPlus {...ICON} />} onSelect={() => openOverlay('new-session', { folder: session.cwd })}>
        New session in this folder
      </MenuItem>
      <MenuItem icon={<Copy {...ICON} />} onSelect={() => void navigator.clipboard.writeText(session.cwd)}>
        Copy folder path
      </MenuItem>
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
    </Menu>
  );
}
