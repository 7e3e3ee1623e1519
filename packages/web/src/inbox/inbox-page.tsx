import type { ApprovalView, QuestionView, SessionId } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight } from 'lucide-react';
import { usePageTitle } from '../frame/page-title.ts';
import { useInbox, useSessionView } from '../live/baton-provider.tsx';
import { ApprovalCard } from '../session/approval-card.tsx';
import { QuestionCard } from '../session/question-card.tsx';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { countWaiting } from '../sessions/lanes.ts';
import { Empty } from '../ui/empty.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { toInboxEntries, type InboxEntry } from './inbox-entries.ts';
import { WithdrawnAsks } from './withdrawn-asks.tsx';

/** All that agents ask, across sessions, the oldest first. */
export function InboxPage() {
  usePageTitle('Inbox');
  const inbox = useInbox();
  if (inbox.status === 'loading') return <SpinnerAfter what="Loading the inbox" />;
  const entries = toInboxEntries(inbox);
  return (
    <div className="scroll-thin h-full overflow-y-auto">
      <div className="mx-auto max-w-200 px-4 pt-4 pb-10 wide:px-6">
        <h1 className="mb-4 hidden h-8 items-center gap-2 text-md font-semibold wide:flex">
          Inbox <span className="tabular text-sm font-normal text-ink-3">{countWaiting(inbox)}</span>
        </h1>
        {entries.length === 0 ? (
          <Empty
            title="Nothing waits for you"
            hint="When an agent wants to run, change or ask something, it shows up here."
            className="min-h-[40dvh]"
          />
        ) : (
          <ul className="flex flex-col gap-6">
            {entries.map((entry) => (
              <li key={entry.ask.id}>
                <EntryHead sessionId={entry.ask.sessionId} at={entry.at} />
                <Ask entry={entry} />
              </li>
            ))}
          </ul>
        )}
        <WithdrawnAsks pending={entries.map(({ ask }) => ask)} />
      </div>
    </div>
  );
}

function Ask({ entry }: { entry: InboxEntry<ApprovalView, QuestionView> }) {
  return entry.kind === 'approval' ? <ApprovalCard approval={entry.ask} /> : <QuestionCard question={entry.ask} />;
}

function EntryHead({ sessionId, at }: { sessionId: SessionId; at: string }) {
  const session = useSessionView(sessionId);
  return (
    <div className="mb-1.5 flex h-6 items-center gap-2 text-sm">
      {session !== undefined && <AgentBadge backend={session.backend} size="sm" />}
      <Link
        to="/sessions/$sessionId"
        params={{ sessionId }}
        className="touch inline-flex min-w-0 items-center gap-1 font-medium hover:underline"
      >
        <span className="truncate">{session?.title ?? 'Session'}</span>
        <ArrowUpRight size={14} strokeWidth={1.75} className="shrink-0 text-ink-3" aria-hidden="true" />
      </Link>
      <RelativeTime at={at} className="tabular ml-auto shrink-0 text-xs text-ink-3" />
    </div>
  );
}
