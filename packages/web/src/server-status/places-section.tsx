import { Link } from '@tanstack/react-router';
import { QueryProvider } from '../live/query-provider.tsx';
import { toLimitWords, toPlacesWords } from '../queue/queue-words.ts';
import { useQueue } from '../queue/use-queue.ts';
import { WaitingList } from '../queue/waiting-list.tsx';

/** How many agents may run, how many do, and who waits for a place. */
export function PlacesSection() {
  return (
    <QueryProvider>
      <Places />
    </QueryProvider>
  );
}

function Places() {
  const { data: queue, error } = useQueue();
  return (
    <section aria-label="Places for agents" className="mt-6">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <h2 className="text-sm font-semibold">Places for agents</h2>
        {queue !== undefined && (
          <p className="tabular text-sm text-ink-3">{toPlacesWords(queue.running.length, queue.limits)}</p>
        )}
        <Link to="/queue" className="touch ml-auto text-sm font-medium text-accent hover:underline">
          Show the queue
        </Link>
      </div>
      {error !== null && (
        <p role="alert" className="text-sm text-failed">
          {error.message}
        </p>
      )}
      {queue !== undefined && (
        <>
          <p className="mb-2 text-sm text-ink-2">
            {toLimitWords(queue.limits)} Set by <code className="font-mono text-xs">BATON_MAX_AGENTS</code> and{' '}
            <code className="font-mono text-xs">BATON_MAX_AGENTS_PER_USER</code> where the server starts.
          </p>
          {queue.items.length > 0 && <WaitingList queue={queue} />}
        </>
      )}
    </section>
  );
}
