import type { SessionId, TurnId } from '@baton/protocol';
import { CornerLeftUp } from 'lucide-react';
import { useCloseOverlay, useOverlay } from '../../frame/overlay.ts';
import { useSessionPart } from '../../live/baton-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { jumpStore } from '../conversation/jump.ts';

/** Leads to the turn a checkpoint belongs to, where that is in the conversation. */
export function GoToTurn({ sessionId, turnId }: { sessionId: SessionId; turnId: TurnId | undefined }) {
  const overlay = useOverlay();
  const closeOverlay = useCloseOverlay();
  const isThere = useSessionPart(sessionId, ({ timeline }) => timeline.turns.some((turn) => turn.turnId === turnId));
  if (turnId === undefined || !isThere) return null;
  return (
    <Button
      size="sm"
      variant="quiet"
      icon={<CornerLeftUp size={14} strokeWidth={1.75} />}
      onClick={() => {
        if (overlay === 'drawer') closeOverlay();
        jumpStore.set({ sessionId, turnId });
      }}
    >
      Show its turn
    </Button>
  );
}
