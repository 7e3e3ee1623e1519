import type { ServerStatus } from '@baton/protocol';
import { usePageTitle } from '../frame/page-title.ts';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { QueryProvider } from '../live/query-provider.tsx';
import { AgentUsageList } from './agent-usage-list.tsx';
import { FactCard } from './fact-card.tsx';
import { PlacesSection } from './places-section.tsx';
import { RetentionForm } from './retention-form.tsx';
import { findTroubles, formatMs, formatPercent, formatSize, formatUptime, sumAgents } from './status-words.ts';
import { Trace } from './trace.tsx';
import { useLastMinute, useServerStatus } from './use-server-status.ts';

/** How the server does: measured about once a second while this page is open. */
export function ServerPage() {
  usePageTitle('Server');
  const { status, latest } = useServerStatus();
  const minute = useLastMinute();
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="mx-auto max-w-240 px-4 pt-4 pb-12 wide:px-6">
        <div className="mb-4 flex min-h-8 items-center gap-3">
          <h1 className="hidden text-md font-semibold wide:block">Server</h1>
          {latest !== undefined && (
            <p className="tabular text-sm text-ink-3">
              {status === 'live'
                ? `Up for ${formatUptime(latest.uptimeMs)}`
                : 'Not connected: these are the last figures'}
            </p>
          )}
        </div>
        {latest === undefined ? (
          <SpinnerAfter what="Measuring the server" />
        ) : (
          <Figures latest={latest} minute={minute} />
        )}
        <PlacesSection />
        <Keeping />
      </div>
    </div>
  );
}

function Keeping() {
  return (
    <section aria-label="What is kept" className="mt-6">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <h2 className="text-sm font-semibold">What is kept</h2>
        <p className="text-xs text-ink-3">Looked at once a day. Empty: kept for ever.</p>
      </div>
      <div className="rounded-lg border border-line bg-surface p-4">
        <QueryProvider>
          <RetentionForm />
        </QueryProvider>
      </div>
    </section>
  );
}

interface FiguresProps {
  latest: ServerStatus;
  minute: readonly ServerStatus[];
}

function Figures({ latest, minute }: FiguresProps) {
  const troubles = findTroubles(latest);
  return (
    <>
      {troubles.length > 0 && (
        <div
          role="alert"
          className="mb-4 rounded-lg border border-failed-line bg-failed-soft px-4 py-3 text-base text-failed"
        >
          <ul>
            {troubles.map((trouble) => (
              <li key={trouble}>{trouble}</li>
            ))}
          </ul>
        </div>
      )}
      <div className="mb-6 grid gap-3 [grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))]">
        <SessionCard latest={latest} />
        <AgentsCard latest={latest} minute={minute} />
        <ProcessCard latest={latest} minute={minute} />
        <LoopCard latest={latest} />
        <StoreCard latest={latest} />
        <DiskCard latest={latest} />
      </div>
      <section aria-label="Agent processes">
        <h2 className="mb-2 text-sm font-semibold">Agent processes</h2>
        <div className="overflow-hidden rounded-lg border border-line bg-surface">
          <AgentUsageList agents={latest.agents} />
        </div>
      </section>
    </>
  );
}

function SessionCard({ latest: { sessions, queuedTurns } }: Pick<FiguresProps, 'latest'>) {
  return (
    <FactCard
      title="Sessions"
      figure={String(sessions.running)}
      unit="working"
      facts={[
        ['Need you', String(sessions.waiting)],
        ['With an agent', String(sessions.live)],
        ['Waiting turns', String(queuedTurns)],
        ['Stored', `${sessions.total}, ${sessions.archived} archived`],
      ]}
    />
  );
}

function AgentsCard({ latest, minute }: FiguresProps) {
  const { processes, rssBytes, cpuPercent } = sumAgents(latest.agents);
  return (
    <FactCard
      title="Agents"
      figure={formatSize(rssBytes)}
      unit="memory"
      facts={[
        ['CPU', `${formatPercent(cpuPercent)} of a core`],
        ['Processes', String(processes)],
        ...toRunnerFacts(latest.runner),
      ]}
    >
      <Trace values={minute.map(({ agents }) => sumAgents(agents).rssBytes)} least={256 * 1024 ** 2} />
    </FactCard>
  );
}

function toRunnerFacts(runner: ServerStatus['runner']): [string, string][] {
  if (runner === undefined) return [];
  const { state, current, earlier } = runner;
  const now: [string, string] = ['Runner', current === undefined ? state : `${formatSize(current.rssBytes)}, ${state}`];
  return earlier.length === 0 ? [now] : [now, ['Runners of earlier builds', String(earlier.length)]];
}

function ProcessCard({ latest, minute }: FiguresProps) {
  const { rssBytes, heapBytes, cpuPercent, pid } = latest.process;
  return (
    <FactCard
      title="Server process"
      figure={formatPercent(cpuPercent)}
      unit="of a core"
      facts={[
        ['Memory', formatSize(rssBytes)],
        ['Heap', formatSize(heapBytes)],
        ['Process id', String(pid)],
      ]}
    >
      <Trace values={minute.map((each) => each.process.cpuPercent ?? 0)} least={20} />
    </FactCard>
  );
}

function LoopCard({ latest: { eventLoop, connections } }: Pick<FiguresProps, 'latest'>) {
  return (
    <FactCard
      title="Begins to answer"
      figure={`Within ${formatMs(eventLoop.p99Ms)}`}
      unit="99 times in 100"
      facts={[
        ['Half the time within', formatMs(eventLoop.p50Ms)],
        ['The slowest took', formatMs(eventLoop.maxMs)],
        ['Live sockets', String(connections.sockets)],
        ['Event streams', String(connections.streams)],
      ]}
    />
  );
}

function StoreCard({ latest: { store } }: Pick<FiguresProps, 'latest'>) {
  return (
    <FactCard
      title="Store"
      figure={formatSize(store.bytes)}
      unit={store.writable ? 'on disk' : 'on disk, not writable'}
      facts={[
        ['Events', store.events.toLocaleString('en')],
        ['Commits', store.commits.toLocaleString('en')],
        ['Last commit', formatMs(store.lastCommitMs)],
        ['Waiting writes', String(store.queued)],
        ['Refused writes', String(store.faults)],
      ]}
    />
  );
}

function DiskCard({ latest: { disk, store } }: Pick<FiguresProps, 'latest'>) {
  if (disk === undefined) return null;
  return (
    <FactCard
      title="Disk"
      figure={formatSize(disk.freeBytes)}
      unit="free"
      facts={[
        ['Size', formatSize(disk.totalBytes)],
        ['Free inside the store', formatSize(store.freeBytes)],
      ]}
    />
  );
}
