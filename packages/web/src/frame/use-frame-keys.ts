import { useNavigate } from '@tanstack/react-router';
import { useClient } from '../live/baton-provider.tsx';
import { applyFilters, filterStore } from '../sessions/filters.ts';
import { LANES, toLayout } from '../sessions/lanes.ts';
import { toNextId } from '../sessions/next-id.ts';
import { lookStore } from '../theme/look.ts';
import { showToast } from '../ui/toast.tsx';
import { useHotkeys } from '../ui/use-hotkeys.ts';
import { useOpenOverlay } from './overlay.ts';
import { railOpen } from './panes.ts';
import { useOpenSessionId } from './use-open-session-id.ts';
import { useToggleDrawer } from './use-toggle-drawer.ts';

/** The shortcuts that work on every page. */
export function useFrameKeys(): void {
  const navigate = useNavigate();
  const openOverlay = useOpenOverlay();
  const goTo = useSessionSteps();
  const toggleDrawer = useToggleDrawer();
  useHotkeys([
    { keys: 'Mod+K', title: 'Search and commands', group: 'Go', run: () => openOverlay('switcher') },
    { keys: 'N', title: 'New session', group: 'Go', run: () => openOverlay('new-session') },
    { keys: 'H', title: 'All sessions', group: 'Go', run: () => void navigate({ to: '/' }) },
    { keys: 'I', title: 'Inbox', group: 'Go', run: () => void navigate({ to: '/inbox' }) },
    { keys: 'T', title: 'Tasks', group: 'Go', run: () => void navigate({ to: '/tasks' }) },
    { keys: 'Q', title: 'Queue', group: 'Go', run: () => void navigate({ to: '/queue' }) },
    { keys: 'E', title: 'Elsewhere', group: 'Go', run: () => void navigate({ to: '/history' }) },
    { keys: 'G', title: 'Agents', group: 'Go', run: () => void navigate({ to: '/agents' }) },
    { keys: ',', title: 'Settings', group: 'Go', run: () => void navigate({ to: '/settings' }) },
    { keys: 'U', title: 'Next session that needs you', group: 'Go', run: () => goTo('needs-you') },
    { keys: 'J', title: 'Next session', group: 'Go', run: () => goTo('next') },
    { keys: 'K', title: 'Previous session', group: 'Go', run: () => goTo('previous') },
    { keys: '[', title: 'Show or hide the list', group: 'View', run: () => railOpen.set(!railOpen.get()) },
    { keys: ']', title: 'Show or hide plan and files', group: 'View', run: toggleDrawer },
    { keys: 'Shift+T', title: 'Light or dark', group: 'View', run: switchTheme },
    { keys: '?', title: 'Keyboard shortcuts', group: 'View', run: () => openOverlay('keys') },
  ]);
}

function useSessionSteps(): (step: 'next' | 'previous' | 'needs-you') => void {
  const navigate = useNavigate();
  const client = useClient();
  const current = useOpenSessionId();
  return (step) => {
    const layout = toLayout(applyFilters(client.sessions.get().sessions, filterStore.get()));
    const ids = step === 'needs-you' ? layout['needs-you'] : LANES.flatMap((lane) => layout[lane]);
    const sessionId = toNextId(ids, current, step === 'previous' ? -1 : 1);
    if (sessionId !== undefined) void navigate({ to: '/sessions/$sessionId', params: { sessionId } });
    else if (step === 'needs-you') showToast({ id: 'needs-you', title: 'No session needs you' });
  };
}

/** To the other one of what is seen now, whether it was chosen or came from the system. */
export function switchTheme(): void {
  const { theme } = lookStore.get();
  const isDark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  lookStore.change({ theme: isDark ? 'light' : 'dark' });
}
