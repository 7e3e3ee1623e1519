import type { SessionView } from '@baton/protocol';
import { ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { LANES, LANE_TITLES, type Lane } from '../sessions/lanes.ts';
import { QueueLink } from '../sessions/queue-link.tsx';
import { useSteadyLayout } from '../sessions/use-steady-layout.ts';
import { cx } from '../ui/cx.ts';
import { createStoredValue } from '../ui/stored-value.ts';
import { RailSession } from './rail-session.tsx';

/** More than these of a lane are behind a button. */
const FIRST_QUIET = 30;

export function RailLanes({ sessions }: { sessions: readonly SessionView[] }) {
  const { layout, handlers } = useSteadyLayout(sessions);
  const byId = useMemo(
    () => new Map<string, SessionView>(sessions.map((session) => [session.id, session])),
    [sessions],
  );
  return (
    <div {...handlers}>
      {LANES.map((lane) => (
        <RailLane
          key={lane}
          lane={lane}
          sessions={layout[lane].flatMap((id) => {
            const session = byId.get(id);
            return session === undefined ? [] : [session];
          })}
        />
      ))}
    </div>
  );
}

function RailLane({ lane, sessions }: { lane: Lane; sessions: readonly SessionView[] }) {
  const [stored] = useState(() => createStoredValue(`lane.${lane}`));
  const [open, setOpen] = useState(() => stored.get() !== 'closed');
  const [all, setAll] = useState(false);
  const shown = all || lane !== 'quiet' ? sessions : sessions.slice(0, FIRST_QUIET);
  const toggle = () => {
    setOpen(!open);
    stored.set(open ? 'closed' : 'open');
  };
  return (
    <section className="mt-2" aria-label={LANE_TITLES[lane]}>
      <h2 className="flex items-center">
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex h-7 min-w-0 flex-1 items-center gap-1.5 rounded-md px-2 text-xs font-medium text-ink-3 hover:text-ink-2"
        >
          <span className={lane === 'needs-you' && sessions.length > 0 ? 'text-waiting' : ''}>{LANE_TITLES[lane]}</span>
          <span className="tabular font-normal">{sessions.length}</span>
          <ChevronRight
            size={12}
            strokeWidth={2}
            aria-hidden="true"
            className={cx(
              'ml-auto transition-transform duration-100',
              open && 'rotate-90',
              sessions.length === 0 && 'invisible',
            )}
          />
        </button>
        <QueueLink sessions={sessions} className="px-2 text-xs text-ink-3" />
      </h2>
      {open && sessions.length > 0 && (
        <ul>
          {shown.map((session) => (
            <RailSession key={session.id} session={session} />
          ))}
        </ul>
      )}
      {open && shown.length < sessions.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="h-7 w-full rounded-md px-2 text-left text-xs text-ink-3 hover:bg-hover hover:text-ink-2"
        >
          Show {sessions.length - shown.length} more
        </button>
      )}
    </section>
  );
}
