import type { AgentQueue } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { toLimitWords, toPlacesWords } from './queue-words.ts';
import { RunningList } from './running-list.tsx';
import { useQueue } from './use-queue.ts';
import { WaitingList } from './waiting-list.tsx';

/** Who waits for a place to start in, why, and who has one instead. */
export function QueuePage() {
  usePageTitle('Queue');
  return (
    <QueryProvider>
      <div className="scroll-thin h-full overflow-y-auto">
        <div className="mx-auto max-w-200 px-4 pt-4 pb-12 wide:px-6">
          <h1 className="mb-1 hidden h-8 items-center text-md font-semibold wide:flex">Queue</h1>
          <LoadedQueue />
        </div>
      </div>
    </QueryProvider>
  );
}

function LoadedQueue() {
  const { data, error, refetch } = useQueue();
  if (data !== undefined) return <Queue queue={data} />;
  if (error === null) return <SpinnerAfter what="Loading the queue" />;
  return (
    <Empty
      title="The queue could not be loaded"
      hint={error.message}
      action={<Button onClick={() => void refetch()}>Try again</Button>}
    />
  );
}

function Queue({ queue }: { queue: AgentQueue }) {
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        {toLimitWords(queue.limits)} Who comes later waits here; people go before tasks, and an idle agent makes room by
        itself.{' '}
        <Link to="/server" className="touch inline-block whitespace-nowrap text-accent underline">
          How the server does
        </Link>
      </p>
      <Section title="Wait for a place" aside={String(queue.items.length)}>
        {queue.items.length === 0 ? (
          <p className="rounded-lg border border-line bg-surface p-4 text-ink-3">Nobody waits.</p>
        ) : (
          <WaitingList queue={queue} />
        )}
      </Section>
      <Section title="Have a place" aside={toPlacesWords(queue.running.length, queue.limits)}>
        {queue.running.length === 0 ? (
          <p className="rounded-lg border border-line bg-surface p-4 text-ink-3">No agent runs now.</p>
        ) : (
          <RunningList queue={queue} />
        )}
      </Section>
    </>
  );
}

function Section({ title, aside, children }: { title: string; aside: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mb-6">
      <h2 className="mb-2 flex items-baseline gap-2 text-sm font-semibold">
        {title}
        <span className="tabular font-normal text-ink-3">{aside}</span>
      </h2>
      {children}
    </section>
  );
}
