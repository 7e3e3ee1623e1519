import { Tabs } from '@base-ui/react/tabs';
import type { Timeline } from '@baton/core';
import type { SessionId, SessionView } from '@baton/protocol';
import { Suspense, useMemo } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useSession } from '../live/baton-provider.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { PlanList } from './conversation/plan-list.tsx';
import { toFilesTouched } from './conversation/turn-summary.ts';
import { AgentFacts } from './drawer/agent-facts.tsx';
import { AgentOutput } from './drawer/agent-output.tsx';
import { DrawerSection } from './drawer/drawer-section.tsx';
import { FileList } from './drawer/file-list.tsx';
import { RestartList } from './drawer/restart-list.tsx';
import { toRestarts } from './drawer/restarts.ts';
import { SessionFactList } from './drawer/session-fact-list.tsx';
import { formatCount } from './figures.ts';
import { UsageFacts } from './drawer/usage-facts.tsx';

const CheckpointPanel = lazyPart(async () => (await import('./checkpoints/checkpoint-panel.tsx')).CheckpointPanel);

export interface SessionDrawerProps {
  sessionId: SessionId;
}

const TABS = [
  { id: 'overview', title: 'Overview' },
  { id: 'checkpoints', title: 'Checkpoints' },
] as const;

/** Beside a conversation: its plan, files, context and facts; and the timeline of its working tree. */
export function SessionDrawer({ sessionId }: SessionDrawerProps) {
  return (
    <Tabs.Root defaultValue="overview">
      <Tabs.List className="sticky top-0 z-10 flex gap-1 border-b border-line bg-surface px-3 pt-1.5 ">
        {TABS.map(({ id, title }) => (
          <Tabs.Tab
            key={id}
            value={id}
            className="touch -mb-px h-8 border-b-2 border-transparent px-2 text-sm text-ink-2 hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink coarse:h-11"
          >
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview">
        <Overview sessionId={sessionId} />
      </Tabs.Panel>
      <Tabs.Panel value="checkpoints">
        <Suspense fallback={<SpinnerAfter what="Loading the checkpoints" />}>
          <CheckpointPanel sessionId={sessionId} />
        </Suspense>
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function Overview({ sessionId }: SessionDrawerProps) {
  const { view, timeline, hasOlder } = useSession(sessionId);
  if (view === undefined) return null;
  return <Sections view={view} timeline={timeline} hasOlder={hasOlder} />;
}

interface SectionsProps {
  view: SessionView;
  timeline: Timeline;
  /** More of the log has not been loaded yet. */
  hasOlder: boolean;
}

function Sections({ view, timeline, hasOlder }: SectionsProps) {
  const { turns, plan, agentOutput, marks } = timeline;
  const restarts = useMemo(() => toRestarts(marks), [marks]);
  const files = useMemo(() => toFilesTouched(turns.flatMap((turn) => turn.items)), [turns]);
  const done = plan?.entries.filter((entry) => entry.status === 'completed').length ?? 0;
  return (
    <div className="flex flex-col pb-6">
      <DrawerSection title="Plan" aside={plan === undefined ? undefined : `${done} of ${plan.entries.length}`}>
        {plan === undefined ? <Nothing>The agent has made no plan yet.</Nothing> : <PlanList entries={plan.entries} />}
      </DrawerSection>
      <DrawerSection title="Files changed" aside={files.length === 0 ? undefined : String(files.length)}>
        {files.length === 0 ? (
          <Nothing>Nothing was changed yet.</Nothing>
        ) : (
          <FileList files={files} sessionId={view.id} cwd={view.cwd} />
        )}
      </DrawerSection>
      <DrawerSection title="Context and usage">
        <UsageFacts view={view} />
      </DrawerSection>
      {view.agent !== undefined && (
        <DrawerSection title="Agent">
          <AgentFacts agent={view.agent} />
        </DrawerSection>
      )}
      {restarts.entries.length > 0 && (
        <DrawerSection title="Restarts" aside={toUnaskedWords(restarts.unasked)}>
          <RestartList entries={restarts.entries} />
          {hasOlder && <p className="mt-2 text-xs text-ink-3">Of the part of the conversation that is loaded.</p>}
        </DrawerSection>
      )}
      {agentOutput.length > 0 && (
        <DrawerSection title="Agent output" aside={formatCount(agentOutput.length, 'line')}>
          <AgentOutput lines={agentOutput} />
        </DrawerSection>
      )}
      <DrawerSection title="Session">
        <SessionFactList view={view} />
      </DrawerSection>
    </div>
  );
}

function toUnaskedWords(count: number): string | undefined {
  return count === 0 ? undefined : `ended ${count === 1 ? 'once' : `${count} times`} by itself`;
}

function Nothing({ children }: { children: string }) {
  return <p className="text-sm text-ink-3">{children}</p>;
}
