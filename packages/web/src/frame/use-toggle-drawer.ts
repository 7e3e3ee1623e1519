import { useCallback } from 'react';
import { useCloseOverlay, useOpenOverlay, useOverlay } from './overlay.ts';
import { drawerOpen } from './panes.ts';
import { VERY_WIDE } from './use-media.ts';

/** Shows or hides the drawer of a session: a column where there is room, else a sheet that back closes. */
export function useToggleDrawer(): () => void {
  const overlay = useOverlay();
  const openOverlay = useOpenOverlay();
  const closeOverlay = useCloseOverlay();
  return useCallback(() => {
    if (overlay === 'drawer') closeOverlay();
    else if (matchMedia(VERY_WIDE).matches) drawerOpen.set(!drawerOpen.get());
    else openOverlay('drawer');
  }, [overlay, openOverlay, closeOverlay]);
}
