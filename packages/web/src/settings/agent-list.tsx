import type { BackendView } from '@baton/protocol';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useBackends, useRefreshBackends } from '../live/use-backends.ts';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Button } from '../ui/button.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { BackendStanding } from '../new-session/backend-standing.tsx';

/** Each agent with its version and where it was found, or what is wrong and how to mend it. */
export function AgentList() {
  const { data, error } = useBackends();
  const refresh = useRefreshBackends();
  const [busy, setBusy] = useState(false);
  const lookAgain = async () => {
    setBusy(true);
    await refresh().catch(() => undefined);
    setBusy(false);
  };
  if (data === undefined) {
    return error === null ? (
      <SpinnerAfter what="Looking for agents" className="flex h-8 items-center gap-2 text-ink-3" />
    ) : (
      <p className="text-failed">{error.message}</p>
    );
  }
  return (
    <>
      <ul className="flex flex-col divide-y divide-line">
        {data.map((backend) => (
          <AgentRow key={backend.id} backend={backend} />
        ))}
      </ul>
      <div className="mt-3 border-t border-line pt-3">
        <Button
          size="sm"
          disabled={busy}
          icon={<RefreshCw size={14} strokeWidth={1.75} />}
          onClick={() => void lookAgain()}
        >
          {busy ? 'Looking' : 'Look again'}
        </Button>
      </div>
    </>
  );
}

function AgentRow({ backend }: { backend: BackendView }) {
  return (
    <li className="flex items-start gap-3 py-3 first:pt-0">
      <AgentMark backend={backend.id} size="lg" rehearsal={backend.rehearsal === true} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{backend.title}</span>
          {backend.version !== undefined && <span className="tabular text-xs text-ink-3">{backend.version}</span>}
        </p>
        {backend.path !== undefined && <p className="truncate font-mono text-xs text-ink-3">{backend.path}</p>}
        {backend.problem !== undefined && <p className="mt-1 text-sm text-ink-2">{backend.problem}</p>}
        {backend.rehearsal === true && (
          <p className="mt-1 text-sm text-ink-2">
            Runs a scripted rehearsal: no model is asked and nothing costs money. Give it a key to use a model.
          </p>
        )}
      </div>
      <BackendStanding backend={backend} />
    </li>
  );
}
