import type { ApprovalView, QuestionView, SessionId } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { CircleSlash } from 'lucide-react';
import { useSessionView } from '../live/baton-provider.tsx';
import { QueryProvider } from '../live/query-provider.tsx';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { useWithdrawn } from './use-withdrawn.ts';

export interface WithdrawnAsksProps {
  /** What waits now: when something leaves it, it may have been withdrawn. */
  pending: readonly { id: string }[];
}

/** What was asked and nobody has to answer any more, with the reason; of the last day. Nothing where there is none. */
export function WithdrawnAsks(props: WithdrawnAsksProps) {
  return (
    <QueryProvider>
      <Withdrawn {...props} />
    </QueryProvider>
  );
}

function Withdrawn({ pending }: WithdrawnAsksProps) {
  const asks = useWithdrawn(pending);
  if (asks.length === 0) return null;
  return (
    <section aria-label="No longer asked" className="mt-8">
      <h2 className="flex items-baseline gap-2 text-sm font-semibold">
        No longer asked <span className="tabular font-normal text-ink-3">{asks.length}</span>
      </h2>
      <p className="mb-2 text-sm text-ink-3">
        Nobody has to answer these. Send the prompt again if the agent should ask again.
      </p>
      <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
        {asks.map((ask) => (
          <WithdrawnRow key={ask.id} ask={ask} />
        ))}
      </ul>
    </section>
  );
}

function WithdrawnRow({ ask }: { ask: ApprovalView | QuestionView }) {
  return (
    <li className="flex items-start gap-2.5 px-3 py-2.5 text-sm">
      <CircleSlash size={15} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="break-words text-ink-2">{'title' in ask ? ask.title : ask.questions[0]?.question}</p>
        {ask.reason !== undefined && <p className="mt-0.5 break-words text-ink-3">{ask.reason}</p>}
        <Where sessionId={ask.sessionId} />
      </div>
      {ask.closedAt !== undefined && (
        <RelativeTime at={ask.closedAt} className="tabular shrink-0 text-xs leading-5 text-ink-3" />
      )}
    </li>
  );
}

function Where({ sessionId }: { sessionId: SessionId }) {
  const session = useSessionView(sessionId);
  return (
    <p className="mt-1 flex items-center gap-1.5">
      {session !== undefined && <AgentBadge backend={session.backend} size="sm" />}
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId }}
        className="touch min-w-0 truncate font-medium text-ink-2 hover:underline"
      >
        {session?.title ?? 'Session'}
      </Link>
    </p>
  );
}
