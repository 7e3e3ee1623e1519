import { toStandInSessionId, type SearchHit } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { jumpStore } from '../session/conversation/jump.ts';

/** Opens the conversation of a hit where its words stand. Takes the history entry of the dialog it is in. */
export function useOpenHit(): (hit: SearchHit) => void {
  const navigate = useNavigate();
  return useCallback(
    ({ sessionId, foundId, turnId, itemId }) => {
      const hash = itemId ?? turnId ?? '';
      const place = itemId === undefined ? (turnId === undefined ? undefined : { turnId }) : { itemId };
      const within = sessionId ?? (foundId && toStandInSessionId(foundId));
      // For a conversation that is open already; one that opens reads it from its address.
      if (within !== undefined && place !== undefined) jumpStore.set({ sessionId: within, ...place });
      if (sessionId !== undefined) {
        void navigate({ to: '/sessions/$sessionId', params: { sessionId }, hash, replace: true });
      } else if (foundId !== undefined) {
        void navigate({ to: '/history/$foundId', params: { foundId }, hash, replace: true });
      }
    },
    [navigate],
  );
}
