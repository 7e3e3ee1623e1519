import type { FoundSession } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import {
  Activity,
  Bot,
  History,
  Hourglass,
  Inbox,
  Keyboard,
  LayoutGrid,
  ListTodo,
  PanelLeft,
  Plus,
  Scale,
  Settings,
  SunMoon,
} from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { railOpen } from '../frame/panes.ts';
import { useOpenOverlay } from '../frame/overlay.ts';
import { useIsCoarse, useIsWide } from '../frame/use-media.ts';
import { switchTheme } from '../frame/use-frame-keys.ts';
import { LiveSign } from '../history/live-sign.tsx';
import { useSessions } from '../live/baton-provider.tsx';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { toAgentTitle } from '../sessions/agent-title.ts';
import { toShortPath } from '../sessions/folder-name.ts';
import { LANES, toLayout } from '../sessions/lanes.ts';
import { toShownState } from '../sessions/shown-state.ts';
import { StateDot } from '../ui/state-dot.tsx';
import type { Ranked } from './rank.ts';

export interface Entry extends Ranked {
  id: string;
  /** The heading it stands under; absent where kinds are mixed. */
  group: 'Sessions' | 'Actions' | undefined;
  title: string;
  note?: string;
  icon: ReactNode;
  trailing?: ReactNode;
  keyHint?: string;
  /** Takes the history entry of the switcher, which closes it. */
  run(): void;
}

/** Sessions, those that need their user first, then conversations from elsewhere, then what can be done. */
export function useEntries(close: () => void, found: readonly FoundSession[]): Entry[] {
  const sessions = useSessionEntries();
  const elsewhere = useFoundEntries(found);
  const actions = useActionEntries(close);
  return useMemo(() => [...sessions, ...elsewhere, ...actions], [sessions, elsewhere, actions]);
}

function useFoundEntries(found: readonly FoundSession[]): Entry[] {
  const navigate = useNavigate();
  return useMemo(
    () =>
      found.map(({ id, title, backend, cwd, live }) => ({
        id,
        group: undefined,
        title,
        note: `${toAgentTitle(backend)} · ${toShortPath(cwd)}`,
        texts: [title, cwd, backend, toAgentTitle(backend)],
        icon: <AgentBadge backend={backend} size="sm" />,
        trailing: live ? (
          <LiveSign word="word" />
        ) : (
          <span className="shrink-0 text-xs text-ink-3 group-aria-selected/option:text-ink-2">Elsewhere</span>
        ),
        run: () => {
          void navigate({ to: '/history/$foundId', params: { foundId: id }, replace: true });
        },
      })),
    [found, navigate],
  );
}

function useSessionEntries(): Entry[] {
  const { sessions } = useSessions();
  const navigate = useNavigate();
  return useMemo(() => {
    const layout = toLayout(sessions);
    const order = LANES.flatMap((lane) => layout[lane]);
    return sessions
      .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
      .map((session) => ({
        id: session.id,
        group: 'Sessions',
        title: session.title,
        note: `${toAgentTitle(session.backend)} · ${toShortPath(session.cwd)}${session.archived ? ' · archived' : ''}`,
        texts: [session.title, session.cwd, session.backend, toAgentTitle(session.backend)],
        icon: <AgentBadge backend={session.backend} size="sm" />,
        trailing: <StateDot state={toShownState(session)} word="word" still />,
        run: () => {
          void navigate({ to: '/sessions/$sessionId', params: { sessionId: session.id }, replace: true });
        },
      }));
  }, [sessions, navigate]);
}

const ICON = { size: 16, strokeWidth: 1.75 };

// A narrow screen has no list beside the page, and fingers have no keys.
const KEYS = { title: 'Keyboard shortcuts', icon: <Keyboard {...ICON} />, keyHint: '?' };
const RAIL = { title: 'Show or hide the list', icon: <PanelLeft {...ICON} />, keyHint: '[' };

function useActionEntries(close: () => void): Entry[] {
  const isWide = useIsWide();
  const isCoarse = useIsCoarse();
  const navigate = useNavigate();
  const openOverlay = useOpenOverlay();
  return useMemo(() => {
    const go =
      (to: '/' | '/inbox' | '/tasks' | '/queue' | '/history' | '/policies' | '/agents' | '/server' | '/settings') =>
      () =>
        void navigate({ to, replace: true });
    const here = (act: () => void) => () => {
      act();
      close();
    };
    const actions: Omit<Entry, 'id' | 'group' | 'texts'>[] = [
      { title: 'New session', icon: <Plus {...ICON} />, keyHint: 'N', run: () => openOverlay('new-session') },
      { title: 'Inbox', icon: <Inbox {...ICON} />, keyHint: 'I', run: go('/inbox') },
      { title: 'All sessions', icon: <LayoutGrid {...ICON} />, keyHint: 'H', run: go('/') },
      { title: 'Tasks', icon: <ListTodo {...ICON} />, keyHint: 'T', run: go('/tasks') },
      { title: 'Queue', icon: <Hourglass {...ICON} />, keyHint: 'Q', run: go('/queue') },
      { title: 'Elsewhere', icon: <History {...ICON} />, keyHint: 'E', run: go('/history') },
      { title: 'Policies', icon: <Scale {...ICON} />, run: go('/policies') },
      { title: 'Agents', icon: <Bot {...ICON} />, keyHint: 'G', run: go('/agents') },
      { title: 'Server', icon: <Activity {...ICON} />, run: go('/server') },
      { title: 'Settings', icon: <Settings {...ICON} />, keyHint: ',', run: go('/settings') },
      {
        title: 'Switch between light and dark',
        icon: <SunMoon {...ICON} />,
        keyHint: 'Shift+T',
        run: here(switchTheme),
      },
      ...(isWide ? [{ ...RAIL, run: here(() => railOpen.set(!railOpen.get())) }] : []),
      ...(isCoarse ? [] : [{ ...KEYS, run: () => openOverlay('keys') }]),
    ];
    return actions.map((action) => ({ ...action, id: action.title, group: 'Actions', texts: [action.title] }));
  }, [navigate, openOverlay, close, isWide, isCoarse]);
}
