import { useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { keyHold } from '../ui/key-hold.ts';

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
      const { overlay: open } = router.state.location.state;
      if (open !== overlay) hold(keyHold.begin());
      const replace = open !== undefined;
      void navigate({ to: '.', search: true, hash: true, state, replace });
    },
    [navigate, router],
  );
}

/** From the wish for an overlay until the page has heard of it. */
let endHold = (): void => undefined;

function hold(end: () => void): void {
  endHold();
  endHold = end;
}

/** The page shows this one, or what stands for it while it is fetched. */
export function useShownOverlay(overlay: Overlay | undefined): void {
  useEffect(() => endHold(), [overlay]);
}

/** Closes the overlay that is open, by going back to the entry before it. */
export function useCloseOverlay(): () => void {
  const router = useRouter();
  return useCallback(() => {
    if (router.state.location.state.overlay !== undefined) router.history.back();
  }, [router]);
}
