import { Link, type LinkProps } from '@tanstack/react-router';
import { Bot, History, Inbox, LayoutGrid, ListTodo, PanelLeftOpen, Plus, Search, Settings } from 'lucide-react';
import type { ReactNode } from 'react';
import { useOpenOverlay } from '../frame/overlay.ts';
import { railOpen } from '../frame/panes.ts';
import { useInbox } from '../live/baton-provider.tsx';
import { countWaiting } from '../sessions/lanes.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { toTooltipProps } from '../ui/tooltip-props.ts';

const ICON = { size: 16, strokeWidth: 1.75 };

/** What is left of the rail when it is hidden: the ways to go, and the number that waits. */
export function NarrowRail() {
  const openOverlay = useOpenOverlay();
  const waiting = countWaiting(useInbox());
  return (
    <nav aria-label="Sessions" className="flex w-12 shrink-0 flex-col items-center gap-1 border-r border-line pt-2.5">
      <IconButton
        label="Show the list"
        keyHint="["
        tooltipSide="right"
        icon={<PanelLeftOpen {...ICON} />}
        onClick={() => railOpen.set(true)}
      />
      <IconButton
        label="New session"
        keyHint="N"
        tooltipSide="right"
        icon={<Plus {...ICON} />}
        onClick={() => openOverlay('new-session')}
      />
      <IconButton
        label="Search"
        keyHint="Mod+K"
        tooltipSide="right"
        icon={<Search {...ICON} />}
        onClick={() => openOverlay('switcher')}
      />
      <span className="my-1 h-px w-6 bg-line" aria-hidden="true" />
      <NarrowLink to="/" label="All sessions" keyHint="H" icon={<LayoutGrid {...ICON} />} />
      <NarrowLink to="/inbox" label="Inbox" keyHint="I" icon={<Inbox {...ICON} />} count={waiting} />
      <NarrowLink to="/tasks" label="Tasks" keyHint="T" icon={<ListTodo {...ICON} />} />
      <NarrowLink to="/history" label="Elsewhere" keyHint="E" icon={<History {...ICON} />} />
      <NarrowLink to="/agents" label="Agents" keyHint="G" icon={<Bot {...ICON} />} />
      <NarrowLink to="/settings" label="Settings" keyHint="," icon={<Settings {...ICON} />} />
    </nav>
  );
}

interface NarrowLinkProps {
  to: LinkProps['to'] & string;
  label: string;
  keyHint: string;
  icon: ReactNode;
  count?: number;
}

function NarrowLink({ to, label, keyHint, icon, count = 0 }: NarrowLinkProps) {
  return (
    <Link
      to={to}
      activeOptions={{ exact: true }}
      aria-label={count > 0 ? `${label}, ${count} waiting` : label}
      {...toTooltipProps(label, keyHint, 'right')}
      className="relative flex size-8 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-pressed aria-[current]:text-ink"
    >
      {icon}
      {count > 0 && (
        <span
          aria-hidden="true"
          className="tabular absolute -top-1 -right-1 min-w-4 rounded-full border-2 border-canvas bg-waiting px-0.5 text-center text-xs leading-3.5 font-semibold text-canvas"
        >
          {count}
        </span>
      )}
    </Link>
  );
}
