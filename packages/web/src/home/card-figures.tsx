import type { SessionView } from '@baton/protocol';
import { formatCost } from '../session/figures.ts';
import { AgentName } from '../sessions/agent-badge.tsx';
import { toContextPercent, toModelName } from '../sessions/figures.ts';

/** Agent, model, part of the context that is used, and cost; each only when it is known. */
export function CardFigures({ session }: { session: SessionView }) {
  const model = toModelName(session);
  const { context, costUsd } = session;
  return (
    <>
      <span className="min-w-0 flex-1 truncate">
        <AgentName backend={session.backend} />
        {model !== undefined && ` · ${model}`}
      </span>
      {context !== undefined && <ContextMeter percent={toContextPercent(context)} />}
      {costUsd !== undefined && costUsd > 0 && <span className="tabular whitespace-nowrap">{formatCost(costUsd)}</span>}
    </>
  );
}

function ContextMeter({ percent }: { percent: number }) {
  return (
    <span
      className="tabular inline-flex items-center gap-1.5 whitespace-nowrap"
      title={`${percent} % of the context is used`}
    >
      <svg viewBox="0 0 24 4" className="h-1 w-6" aria-hidden="true">
        <rect width="24" height="4" rx="2" fill="var(--line)" />
        <rect width={(24 * percent) / 100} height="4" rx="2" fill={percent > 85 ? 'var(--waiting)' : 'var(--ink-3)'} />
      </svg>
      {percent} %<span className="sr-only"> of the context used</span>
    </span>
  );
}
