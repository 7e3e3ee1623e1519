import type { BackendView } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { BreakerNote } from '../agents/breaker-note.tsx';
import { AgentMark } from '../ui/agent-mark.tsx';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { BackendStanding } from '../agents/backend-standing.tsx';
import { canStart, orderBackends, toFirstBackends } from './choose-backend.ts';

export interface BackendCardsProps {
  backends: readonly BackendView[];
  value: string | undefined;
  onChange(id: string): void;
  error?: string | undefined;
}

/** The agents as large choices, each with what was found of it. */
export function BackendCards({ backends, value, onChange, error }: BackendCardsProps) {
  const name = useId();
  const [all, setAll] = useState(false);
  const chosen = backends.find((backend) => backend.id === value);
  // Agents of presets that are not installed are on their own page, and would only be in the way here.
  const offered = orderBackends(backends).filter(
    ({ kind, installed, id }) => kind !== 'preset' || installed || id === value,
  );
  const shown = all ? offered : toFirstBackends(offered, value);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium text-ink-2">Agent</legend>
      <div className="grid grid-cols-1 gap-2 wide:grid-cols-2">
        {shown.map((backend) => (
          <BackendCard
            key={backend.id}
            name={name}
            backend={backend}
            checked={backend.id === value}
            onChange={() => onChange(backend.id)}
          />
        ))}
      </div>
      {shown.length < offered.length && (
        <Button size="sm" className="mt-2" onClick={() => setAll(true)}>
          Show all {offered.length} agents
        </Button>
      )}
      {error === undefined ? (
        chosen !== undefined && <Standing backend={chosen} />
      ) : (
        <p role="alert" className="mt-1.5 flex items-start gap-1.5 text-sm text-failed">
          <CircleAlert size={14} className="mt-px shrink-0" aria-hidden="true" />
          {error}
        </p>
      )}
    </fieldset>
  );
}

interface BackendCardProps {
  name: string;
  backend: BackendView;
  checked: boolean;
  onChange(): void;
}

function BackendCard({ name, backend, checked, onChange }: BackendCardProps) {
  return (
    <label
      className={cx(
        'relative flex min-h-12 items-center gap-2.5 rounded-md border px-2.5 py-2 transition-colors duration-100',
        'has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent',
        checked ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface hover:bg-hover',
        !canStart(backend) && 'text-ink-2',
      )}
    >
      <input type="radio" name={name} checked={checked} onChange={onChange} className="sr-only" />
      <AgentMark
        backend={backend.id}
        icon={backend.icon}
        rehearsal={backend.rehearsal === true}
        className={canStart(backend) ? '' : 'opacity-60'}
      />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{backend.title}</span>
        {backend.version !== undefined && (
          <span className="tabular block truncate text-xs text-ink-2">{backend.version}</span>
        )}
      </span>
      <BackendStanding backend={backend} />
    </label>
  );
}

function Standing({ backend }: { backend: BackendView }) {
  if (backend.breaker !== undefined) return <BreakerNote backend={backend} className="mt-2" />;
  if (backend.rehearsal === true) {
    return (
      <p className="mt-1.5 text-sm text-ink-2">
        A rehearsal: the agent follows a script, no model is asked and nothing costs money. Files it changes are real.
      </p>
    );
  }
  if (backend.problem === undefined) return null;
  return (
    <p className="mt-1.5 flex items-start gap-1.5 text-sm text-waiting">
      <CircleAlert size={14} className="mt-px shrink-0" aria-hidden="true" />
      <span>
        {backend.problem}{' '}
        <Link to="/agents" className="font-medium underline">
          Mend it on the agents page
        </Link>
      </span>
    </p>
  );
}
