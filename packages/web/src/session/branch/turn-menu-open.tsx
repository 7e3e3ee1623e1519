import type { TurnId } from '@baton/protocol';
import { Copy, GitBranchPlus, Undo2 } from 'lucide-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../live/lazy-part.ts';
import { useSessionPart } from '../../live/baton-provider.tsx';
import { useCapabilities } from '../../live/use-capabilities.ts';
import { ComingDialog } from '../../ui/coming-dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { useConversation } from '../conversation/conversation-context.ts';
import { copyText } from '../status/copy-text.ts';
import { toBranchActions } from './branch-actions.ts';
import { TurnMenuButton } from './turn-menu-button.tsx';
import { toTurnLink } from './turn-link.ts';
import { useFork } from './use-fork.ts';

const RewindDialog = lazyPart(async () => (await import('./rewind-dialog.tsx')).RewindDialog);

const ICON = { size: 16, strokeWidth: 1.75 };

/** The menu of an ended turn, open from its first moment. */
export function TurnMenuOpen({ turnId }: { turnId: TurnId }) {
  const { sessionId, backend } = useConversation();
  const isLast = useSessionPart(sessionId, ({ timeline }) => timeline.turns.at(-1)?.turnId === turnId);
  const actions = toBranchActions(useCapabilities(backend), isLast);
  const fork = useFork(sessionId);
  const [goingBack, setGoingBack] = useState(false);
  return (
    <>
      <Menu align="start" defaultOpen trigger={<TurnMenuButton />}>
        {actions.fork && (
          <MenuItem icon={<GitBranchPlus {...ICON} />} onSelect={() => fork(turnId)}>
            Fork from here
          </MenuItem>
        )}
        {actions.goBack && (
          <MenuItem icon={<Undo2 {...ICON} />} onSelect={() => setGoingBack(true)}>
            Go back to here…
          </MenuItem>
        )}
        <MenuItem icon={<Copy {...ICON} />} onSelect={() => void copyText(toTurnLink(sessionId, turnId))}>
          Copy link to this turn
        </MenuItem>
      </Menu>
      {goingBack && (
        <Suspense fallback={<ComingDialog />}>
          <RewindDialog sessionId={sessionId} turnId={turnId} onClose={() => setGoingBack(false)} />
        </Suspense>
      )}
    </>
  );
}
