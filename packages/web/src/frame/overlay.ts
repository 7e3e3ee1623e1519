import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';

export const OVERLAYS = ['new-session', 'switcher', 'keys', 'drawer'] as const;
/** A dialog of the frame. It lives in the history entry, so that the back gesture closes it. */
export type Overlay = (typeof OVERLAYS)[number];

declare module '@tanstack/react-router' {
  interface HistoryState {
    overlay?: Overlay;
    /** The folder a new session starts with. */
    folder?: string;
  }
}

export function useOverlay(): Overlay | undefined {
  return useRouterState({ select: ({ location }) => location.state.overlay });
}

/** The folder that was handed to the new-session dialog. */
export function useOverlayFolder(): string | undefined {
  return useRouterState({ select: ({ location }) => location.state.folder });
}

export function useOpenOverlay(): (overlay: Overlay, options?: { folder?: string }) => void {
  const navigate = useNavigate();
  const router = useRouter();
  return useCallback(
    (overlay, options = {}) => {
      const state = { overlay, ...options };
      const replace = router.state.location.state.overlay !== undefined;
      void navigate({ to: '.', search: true, hash: true, state, replace });
    },
    [navigate, router],
  );
}

/** Closes the overlay that is open, by going back to the entry before it. */
export function useCloseOverlay(): () => void {
  const router = useRouter();
  return useCallback(() => {
    if (router.state.location.state.overlay !== undefined) router.history.back();
  }, [router]);
}
