import type { SessionId } from '@baton/protocol';
import { Link, useRouterState } from '@tanstack/react-router';
import { ChevronLeft, History, ListTodo, PanelRight } from 'lucide-react';
import { useSessionPart, useSessionView } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { toFolderName } from '../sessions/folder-name.ts';
import { BrandMark } from '../ui/brand-mark.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { SessionStanding } from '../sessions/session-standing.tsx';
import { toShownState } from '../sessions/shown-state.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { pageTitle } from './page-title.ts';
import { useToggleDrawer } from './use-toggle-drawer.ts';
import { useOpenSessionId } from './use-open-session-id.ts';

/** The head of every page on a phone: where one is and the way up. */
export function PhoneBar() {
  const sessionId = useOpenSessionId();
  const isHome = useRouterState({ select: ({ location }) => location.pathname === '/' });
  const title = useStore(pageTitle);
  return (
    <header className="safe-top safe-x border-b border-line bg-surface">
      <div className="flex h-12 items-center gap-1 px-1">
        {isHome ? <BrandMark className="mx-2.5" /> : <UpLink />}
        {sessionId === undefined ? (
          <>
            <h1 className="min-w-0 flex-1 truncate text-md font-semibold">{title}</h1>
            {isHome && <ElsewhereLink />}
            {isHome && <TasksLink />}
          </>
        ) : (
          <SessionHead sessionId={sessionId} title={title} />
        )}
      </div>
    </header>
  );
}

// Beside the sessions, because there is no room for it at the foot.
function TasksLink() {
  return (
    <Link
      to="/tasks"
      className="flex h-11 shrink-0 items-center gap-1.5 rounded-md px-3 text-base font-medium text-ink-2 active:bg-pressed"
    >
      <ListTodo size={18} strokeWidth={1.75} aria-hidden="true" />
      Tasks
    </Link>
  );
}

function ElsewhereLink() {
  return (
    <Link
      to="/history"
      aria-label="Conversations from elsewhere"
      className="flex size-11 shrink-0 items-center justify-center rounded-md text-ink-2 active:bg-pressed"
    >
      <History size={18} strokeWidth={1.75} aria-hidden="true" />
    </Link>
  );
}

function UpLink() {
  const up = useRouterState({ select: ({ location }) => toUp(location.pathname) });
  return (
    <Link
      to={up.to}
      replace
      aria-label={up.label}
      className="flex size-11 shrink-0 items-center justify-center rounded-md text-ink-2 active:bg-pressed"
    >
      <ChevronLeft size={22} strokeWidth={1.75} aria-hidden="true" />
    </Link>
  );
}

function SessionHead({ sessionId, title }: { sessionId: SessionId; title: string }) {
  const session = useSessionView(sessionId);
  const isGone = useSessionPart(sessionId, ({ status }) => status === 'gone');
  const toggleDrawer = useToggleDrawer();
  return (
    <>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-base leading-5 font-semibold">{title}</h1>
        {session !== undefined && (
          <p className="flex items-center gap-2 text-xs text-ink-3">
            <StateDot state={toShownState(session)} word="word" />
            <SessionStanding session={session} />
            <span className="truncate">{toFolderName(session.cwd)}</span>
          </p>
        )}
      </div>
      {!isGone && (
        <IconButton
          label="Show plan and files"
          icon={<PanelRight size={20} strokeWidth={1.75} />}
          className="size-11"
          onClick={toggleDrawer}
        />
      )}
    </>
  );
}

// One level up.
function toUp(pathname: string): { to: '/' | '/tasks' | '/history' | '/settings'; label: string } {
  if (pathname.startsWith('/history/')) return { to: '/history', label: 'Back to all conversations from elsewhere' };
  if (pathname.startsWith('/tasks/')) return { to: '/tasks', label: 'Back to all tasks' };
  if (pathname === '/policies' || pathname === '/server') return { to: '/settings', label: 'Back to settings' };
  return { to: '/', label: 'Back to all sessions' };
}
