import { Link } from '@tanstack/react-router';
import { QueryProvider } from '../live/query-provider.tsx';
import { useHold } from '../sessions/use-hold.ts';
import { FoundRow } from './found-row.tsx';
import { ProgressLine } from './progress-line.tsx';
import { useHistoryStatus, useNewestFound } from './use-history.ts';
import { useSteadyList } from '../sessions/use-steady-list.ts';

const FEW = 5;

/** The newest conversations that began outside Baton, under the sessions. */
export function ElsewhereSection() {
  return (
    <QueryProvider>
      <Section />
    </QueryProvider>
  );
}

function Section() {
  const status = useHistoryStatus();
  const { data = [] } = useNewestFound(FEW);
  const { held, handlers } = useHold();
  const { items } = useSteadyList(data, held);
  if (items.length === 0) return <ProgressLine status={status} className="mt-6 text-center" />;
  return (
    <section aria-labelledby="lane-elsewhere" className="mt-6" {...handlers}>
      <div className="mb-2 flex items-baseline gap-2">
        <h2 id="lane-elsewhere" className="text-sm font-semibold">
          Elsewhere
        </h2>
        <span className="tabular text-sm text-ink-3">{(status?.found ?? items.length).toLocaleString('en')}</span>
        <Link to="/history" className="touch ml-auto text-sm font-medium text-accent hover:underline">
          Show all<span className="sr-only"> conversations from elsewhere</span>
        </Link>
      </div>
      <ul className="flex flex-col divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
        {items.map((session) => (
          <li key={session.id}>
            <FoundRow session={session} />
          </li>
        ))}
      </ul>
      <ProgressLine status={status} className="mt-2" />
    </section>
  );
}
