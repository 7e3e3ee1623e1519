import type { SessionView } from '@baton/protocol';
import { useMemo, useState } from 'react';
import { LANES, LANE_TITLES, type Lane } from '../sessions/lanes.ts';
import { QueueLink } from '../sessions/queue-link.tsx';
import { useSteadyLayout } from '../sessions/use-steady-layout.ts';
import { Button } from '../ui/button.tsx';
import { SessionCard } from './session-card.tsx';

/** The grid of sessions by lane. While someone is in it nothing moves; a pill counts what waits to be placed. */
export function SessionGrid({ sessions }: { sessions: readonly SessionView[] }) {
  const { layout, changes, settle, handlers } = useSteadyLayout(sessions);
  const byId = useMemo(
    () => new Map<string, SessionView>(sessions.map((session) => [session.id, session])),
    [sessions],
  );
  return (
    <div className="relative">
      {changes > 0 && (
        <div className="pointer-events-none sticky top-3 z-20 flex h-0 justify-center">
          <button
            type="button"
            onClick={settle}
            className="touch pointer-events-auto h-8 rounded-full border border-line-strong bg-raised px-3 text-sm font-medium text-ink shadow-float hover:bg-sunken"
          >
            {changes === 1 ? '1 session moved' : `${changes} sessions moved`}: show
          </button>
        </div>
      )}
      <div {...handlers} className="flex flex-col gap-6">
        {LANES.map((lane) => (
          <LaneGrid
            key={lane}
            lane={lane}
            sessions={layout[lane].flatMap((id) => {
              const session = byId.get(id);
              return session === undefined ? [] : [session];
            })}
          />
        ))}
      </div>
    </div>
  );
}

/** More than these of a lane are behind a button. */
const FIRST = 60;

function LaneGrid({ lane, sessions }: { lane: Lane; sessions: readonly SessionView[] }) {
  const [all, setAll] = useState(false);
  if (sessions.length === 0) return null;
  const shown = all ? sessions : sessions.slice(0, FIRST);
  return (
    <section aria-labelledby={`lane-${lane}`}>
      <h2 id={`lane-${lane}`} className="mb-2 flex items-baseline gap-2 text-sm font-semibold">
        <span className={lane === 'needs-you' ? 'text-waiting' : 'text-ink'}>{LANE_TITLES[lane]}</span>
        <span className="tabular font-normal text-ink-3">{sessions.length}</span>
        <QueueLink sessions={sessions} className="font-normal text-ink-2" />
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-3">
        {shown.map((session) => (
          <SessionCard key={session.id} session={session} />
        ))}
      </ul>
      {shown.length < sessions.length && (
        <Button className="mt-3" onClick={() => setAll(true)}>
          Show {sessions.length - shown.length} more
        </Button>
      )}
    </section>
  );
}
