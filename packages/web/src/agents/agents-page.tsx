import type { BackendView, ConfiguredAgentView } from '@baton/protocol';
import { ChevronRight, CircleAlert, Plus, RefreshCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { useLiveBackends, useRefreshBackends } from '../live/use-backends.ts';
import { Button } from '../ui/button.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { WholePath } from '../ui/whole-path.tsx';
import { AgentCard } from './agent-card.tsx';
import { AgentFormDialog } from './agent-form-dialog.tsx';
import { groupAgents } from './agent-words.ts';
import { FolderDefaults } from './folder-defaults.tsx';
import { RemoveAgentDialog } from './remove-agent-dialog.tsx';
import { useConfiguredAgents } from './use-agents.ts';
import { useKnownInstalls } from './use-install.ts';

/** Every agent the server knows: what was found, what is wrong, and the buttons that mend it. */
export function AgentsPage() {
  usePageTitle('Agents');
  return (
    <QueryProvider>
      <div className="scroll-thin h-full overflow-y-auto">
        <div className="mx-auto max-w-200 px-4 pt-4 pb-12 wide:px-6">
          <Agents />
        </div>
      </div>
    </QueryProvider>
  );
}

type Editing = { type: 'add' } | { type: 'change' | 'remove'; agent: ConfiguredAgentView };

function Agents() {
  const { data: backends, error } = useLiveBackends();
  const { data: configured } = useConfiguredAgents();
  const [editing, setEditing] = useState<Editing>();
  const edit = (type: 'change' | 'remove', id: string) => {
    const agent = configured?.items.find((each) => each.id === id);
    if (agent !== undefined) setEditing({ type, agent });
  };
  const done = () => setEditing(undefined);
  return (
    <>
      <Head onAdd={() => setEditing({ type: 'add' })} />
      {configured?.problem !== undefined && <FileProblem text={configured.problem} />}
      {backends === undefined ? (
        <Awaited error={error} />
      ) : (
        <Groups backends={backends} onEdit={(id) => edit('change', id)} onRemove={(id) => edit('remove', id)} />
      )}
      {backends !== undefined && <FolderDefaults backends={backends} />}
      {configured !== undefined && (
        <p className="mt-6 text-xs text-ink-3">
          Agents you add and defaults of folders are kept in{' '}
          <code className="font-mono">
            <WholePath path={configured.file} />
          </code>
          , which can be edited by hand.
        </p>
      )}
      {editing?.type === 'add' && <AgentFormDialog onClose={done} />}
      {editing?.type === 'change' && <AgentFormDialog agent={editing.agent} onClose={done} />}
      {editing?.type === 'remove' && <RemoveAgentDialog agent={editing.agent} onClose={done} />}
    </>
  );
}

function Head({ onAdd }: { onAdd(): void }) {
  const refresh = useRefreshBackends();
  const [busy, setBusy] = useState(false);
  const lookAgain = async () => {
    setBusy(true);
    await refresh().catch(() => undefined);
    setBusy(false);
  };
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <h1 className="hidden min-w-0 flex-1 text-md font-semibold wide:block">Agents</h1>
      <p className="w-full text-sm text-ink-2 wide:order-last">
        What the server found on its machine. Baton uses each as it is, under its own sign-in.
      </p>
      <Button
        disabled={busy}
        icon={<RefreshCw size={14} strokeWidth={1.75} className={busy ? 'turning' : ''} />}
        onClick={() => void lookAgain()}
      >
        {busy ? 'Looking' : 'Look again'}
      </Button>
      <Button icon={<Plus size={16} strokeWidth={2} />} onClick={onAdd}>
        Add an agent
      </Button>
    </div>
  );
}

interface GroupsProps {
  backends: readonly BackendView[];
  onEdit(id: string): void;
  onRemove(id: string): void;
}

function Groups({ backends, onEdit, onRemove }: GroupsProps) {
  const { own, more } = groupAgents(backends);
  const installs = useKnownInstalls();
  const toCard = (backend: BackendView) => (
    <AgentCard
      key={backend.id}
      backend={backend}
      installed={installs?.find((install) => install.backend === backend.id)}
      onEdit={() => onEdit(backend.id)}
      onRemove={() => onRemove(backend.id)}
    />
  );
  const isBusy = more.some(({ id }) =>
    installs?.some((install) => install.backend === id && install.state === 'running'),
  );
  return (
    <>
      <section aria-label="Agents">
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">{own.map(toCard)}</ul>
      </section>
      {more.length > 0 && (
        <MoreAgents isBusy={isBusy} count={more.length}>
          {more.map(toCard)}
        </MoreAgents>
      )}
    </>
  );
}

/** Opens by itself for an installation that runs, and stays open for what comes of it. */
function MoreAgents({ isBusy, count, children }: { isBusy: boolean; count: number; children: ReactNode }) {
  const [open, setOpen] = useState(isBusy);
  const [wasBusy, setWasBusy] = useState(isBusy);
  if (wasBusy !== isBusy) {
    setWasBusy(isBusy);
    if (isBusy) setOpen(true);
  }
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group mt-4 rounded-lg border border-line bg-surface"
    >
      <summary className="flex min-h-11 list-none items-center gap-2 rounded-lg px-4 font-medium hover:bg-hover">
        <ChevronRight
          size={16}
          strokeWidth={1.75}
          className="text-ink-3 transition-transform duration-100 group-open:rotate-90"
          aria-hidden="true"
        />
        More agents
        <span className="tabular font-normal text-ink-3">{count}</span>
      </summary>
      <ul className="divide-y divide-line border-t border-line">{children}</ul>
    </details>
  );
}

function FileProblem({ text }: { text: string }) {
  return (
    <p
      role="alert"
      className="mb-4 flex items-start gap-2 rounded-lg border border-waiting-line bg-waiting-soft px-4 py-3 text-sm"
    >
      <CircleAlert size={15} strokeWidth={1.75} className="mt-px shrink-0 text-waiting" aria-hidden="true" />
      <span className="min-w-0 flex-1 wrap-anywhere">{text}</span>
    </p>
  );
}

function Awaited({ error }: { error: Error | null }) {
  if (error !== null) return <p className="text-failed">{error.message}</p>;
  return <SpinnerAfter what="Looking for agents" className="flex h-12 items-center gap-2 text-ink-3" />;
}
