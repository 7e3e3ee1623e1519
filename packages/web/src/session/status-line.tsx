import type { SessionId, SessionView } from '@baton/protocol';
import { ComingDialog } from '../ui/coming-dialog.tsx';
import { toEffortWords } from './effort.ts';
import { GitBranch } from 'lucide-react';
import { Suspense, useState, type ReactNode } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { ConnectionSign } from '../frame/connection-sign.tsx';
import { useSessionPart } from '../live/baton-provider.tsx';
import { QueryProvider } from '../live/query-provider.tsx';
import { AgentBadge, AgentName } from '../sessions/agent-badge.tsx';
import { SessionStanding } from '../sessions/session-standing.tsx';
import { formatCost } from './figures.ts';
import { ContextGauge } from './status/context-gauge.tsx';
import { RenameField } from './status/rename-field.tsx';
import { SessionMenu } from './status/session-menu.tsx';
import { useGit } from './status/use-git.ts';

const DeleteDialog = lazyPart(async () => (await import('./status/delete-dialog.tsx')).DeleteDialog);

export interface SessionStatusLineProps {
  sessionId: SessionId;
}

/** Agent, model, mode, branch, context, cost and connection of a session, on one line. */
export function SessionStatusLine({ sessionId }: SessionStatusLineProps) {
  const view = useSessionPart(sessionId, (snapshot) => snapshot.view);
  return (
    <div className="flex h-7 items-center gap-4 overflow-hidden px-3 text-xs text-ink-3">
      <ConnectionSign />
      {view !== undefined && (
        <QueryProvider>
          <SessionFacts view={view} />
        </QueryProvider>
      )}
    </div>
  );
}

function SessionFacts({ view }: { view: SessionView }) {
  const [open, setOpen] = useState<'rename' | 'delete'>();
  const git = useGit(view.id, view.turn?.turnId);
  const close = () => setOpen(undefined);
  return (
    <>
      {open === 'rename' ? (
        <RenameField session={view} onDone={close} />
      ) : (
        <span className="flex min-w-0 items-center gap-1.5">
          <AgentBadge backend={view.backend} size="sm" />
          <span className="truncate text-ink-2">
            <AgentName backend={view.backend} />
          </span>
        </span>
      )}
      <SessionStanding session={view} className="first-letter:uppercase" />
      <Settings view={view} />
      {git.branch !== undefined && (
        <span
          className="flex min-w-0 items-center gap-1"
          title={git.dirty === true ? `${git.branch}, with changes that are not committed` : git.branch}
        >
          <GitBranch size={13} strokeWidth={1.75} aria-hidden="true" className="shrink-0" />
          <span className="sr-only">Branch </span>
          <span className="truncate font-mono">{git.branch}</span>
          {git.dirty === true && (
            <>
              <span aria-hidden="true">*</span>
              <span className="sr-only">, changed</span>
            </>
          )}
        </span>
      )}
      <span className="flex-1" />
      {view.context !== undefined && <ContextGauge context={view.context} />}
      {view.costUsd !== undefined && view.costUsd > 0 && (
        <span className="tabular" title="Cost of this session so far">
          {formatCost(view.costUsd)}
        </span>
      )}
      <SessionMenu session={view} onRename={() => setOpen('rename')} onDelete={() => setOpen('delete')} />
      {open === 'delete' && (
        <Suspense fallback={<ComingDialog />}>
          <DeleteDialog session={view} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

function Settings({ view }: { view: SessionView }) {
  return (
    <>
      <Fact label="Model">{toTitle(view.agent?.models, view.model)}</Fact>
      <Fact label="Effort">{view.effort === undefined ? undefined : toEffortWords(view.effort)}</Fact>
      <Fact label="Mode">{toTitle(view.agent?.modes, view.mode)}</Fact>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (children === undefined) return null;
  return (
    <span className="min-w-0 truncate" title={label}>
      <span className="sr-only">{label}: </span>
      {children}
    </span>
  );
}

function toTitle(options: readonly { id: string; title: string }[] | undefined, id: string | undefined) {
  return options?.find((option) => option.id === id)?.title ?? id;
}
