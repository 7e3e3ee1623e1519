import type { Timeline } from '@baton/core';
import type { SessionId, SessionView } from '@baton/protocol';
import { useMemo } from 'react';
import { useSession } from '../live/baton-provider.tsx';
import { PlanList } from './conversation/plan-list.tsx';
import { toFilesTouched } from './conversation/turn-summary.ts';
import { AgentFacts } from './drawer/agent-facts.tsx';
import { AgentOutput } from './drawer/agent-output.tsx';
import { DrawerSection } from './drawer/drawer-section.tsx';
import { FileList } from './drawer/file-list.tsx';
import { SessionFactList } from './drawer/session-fact-list.tsx';
import { UsageFacts } from './drawer/usage-facts.tsx';

export interface SessionDrawerProps {
  sessionId: SessionId;
}

/** Plan, files, context and facts of a session, beside its conversation. */
export function SessionDrawer({ sessionId }: SessionDrawerProps) {
  const { view, timeline } = useSession(sessionId);
  if (view === undefined) return null;
  return <Sections view={view} timeline={timeline} />;
}

function Sections({ view, timeline }: { view: SessionView; timeline: Timeline }) {
  const { turns, plan, agentOutput } = timeline;
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
      {agentOutput.length > 0 && (
        <DrawerSection title="Agent output" aside={`${agentOutput.length} lines`}>
          <AgentOutput lines={agentOutput} />
        </DrawerSection>
      )}
      <DrawerSection title="Session">
        <SessionFactList view={view} />
      </DrawerSection>
    </div>
  );
}

function Nothing({ children }: { children: string }) {
  return <p className="text-sm text-ink-3">{children}</p>;
}
