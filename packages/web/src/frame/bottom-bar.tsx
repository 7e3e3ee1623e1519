import { Inbox, LayoutGrid, Plus, Search, UserRound } from 'lucide-react';
import { Link, useRouterState, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useInbox } from '../live/baton-provider.tsx';
import { countWaiting } from '../sessions/lanes.ts';
import { useOpenOverlay } from './overlay.ts';

const ICON = { size: 21, strokeWidth: 1.75 };
// Five words have to stand beside each other on the smallest phone, however large the text is.
const TAB =
  'relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[length:max(12px,min(var(--text-xs),3.6vw))] text-ink-3 active:bg-pressed aria-[current]:font-medium aria-[current]:text-ink';

/** The phone's way around. Between tabs the page is replaced, so that back always leads to the home page. */
export function BottomBar() {
  const waiting = countWaiting(useInbox());
  const openOverlay = useOpenOverlay();
  return (
    <nav aria-label="Main" className="safe-bottom safe-x flex border-t border-line bg-surface">
      <Tab to="/inbox" icon={<Inbox {...ICON} />} label="Inbox" count={waiting} />
      <Tab to="/" icon={<LayoutGrid {...ICON} />} label="Sessions" />
      <button type="button" className={TAB} onClick={() => openOverlay('new-session')}>
        <span className="flex h-6 w-10 max-w-[80%] items-center justify-center rounded-md bg-accent-fill text-accent-fill-ink">
          <Plus size={18} strokeWidth={2} aria-hidden="true" />
        </span>
        New
      </button>
      <button type="button" className={TAB} onClick={() => openOverlay('switcher')}>
        <Search {...ICON} aria-hidden="true" />
        Search
      </button>
      <Tab to="/settings" icon={<UserRound {...ICON} />} label="You" />
    </nav>
  );
}

interface TabProps {
  to: LinkProps['to'] & string;
  icon: ReactNode;
  label: string;
  count?: number;
}

function Tab({ to, icon, label, count = 0 }: TabProps) {
  const isHome = useRouterState({ select: ({ location }) => location.pathname === '/' });
  return (
    <Link to={to} replace={!isHome} activeOptions={{ exact: true }} className={TAB}>
      <span className="relative" aria-hidden="true">
        {icon}
        {count > 0 && (
          <span className="tabular absolute -top-1.5 left-3 min-w-4.5 rounded-full border-2 border-surface bg-waiting px-1 text-center text-xs leading-3.5 font-semibold text-surface">
            {count > 99 ? '99+' : count}
          </span>
        )}
      </span>
      {label}
      {count > 0 && <span className="sr-only">, {count} waiting</span>}
    </Link>
  );
}
