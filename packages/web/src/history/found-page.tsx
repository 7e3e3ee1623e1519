import { emptyTimeline, foldTimeline } from '@baton/core';
import type { ResponseOf } from '@baton/client';
import { foundIdSchema, isAppError, type FoundId, type RecordedEvent } from '@baton/protocol';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { usePageTitle } from '../frame/page-title.ts';
import { QueryProvider } from '../live/query-provider.tsx';
import { NotFoundPage } from '../routes/not-found-page.tsx';
import { ConversationView } from '../session/conversation/conversation.tsx';
import { AgentBadge, AgentName } from '../sessions/agent-badge.tsx';
import { toShortPath } from '../sessions/folder-name.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { FoundFacts } from './found-facts.tsx';
import { LiveSign } from './live-sign.tsx';
import { ResumeBar } from './resume-bar.tsx';
import { useFound } from './use-history.ts';
import '../session/session.css';

/** A conversation that began outside Baton, to be read. */
export function FoundPage() {
  const text = useParams({ strict: false, select: (params) => params.foundId });
  const id = foundIdSchema.safeParse(text);
  if (!id.success) return <NotFoundPage />;
  return (
    <QueryProvider>
      <OpenFound key={id.data} id={id.data} />
    </QueryProvider>
  );
}

function OpenFound({ id }: { id: FoundId }) {
  const { data, error, refetch } = useFound(id);
  usePageTitle(data?.session.title ?? 'Conversation');
  // What was read stays in sight when it cannot be read again.
  if (data !== undefined) return <ReadPage {...data} />;
  if (error === null) {
    return (
      <SpinnerAfter
        what="Reading the conversation"
        mend="Where only the agent can read it, the agent is started for that. It has 75 seconds."
      />
    );
  }
  if (isAppError(error) && error.kind === 'not-found') {
    return (
      <Empty
        title="This conversation is not here any more"
        hint="Its agent deleted it, or its address is wrong."
        action={
          <Link to="/history" className="font-medium text-accent hover:underline">
            Show all conversations from elsewhere
          </Link>
        }
        className="h-full"
      />
    );
  }
  return (
    <Empty
      title="This conversation could not be read"
      hint={error.message}
      action={<Button onClick={() => void refetch()}>Try again</Button>}
      className="h-full"
    />
  );
}

const nothingOlder = async () => {};

function ReadPage({ session, events }: ResponseOf<'getFound'>) {
  const timeline = useMemo(() => toTimeline(events), [events]);
  const live = useMemo(
    () => ({ timeline, optimistic: [], steering: [], hasOlder: false, loadOlder: nothingOlder }),
    [timeline],
  );
  const sessionId = events[0]?.sessionId;
  const view = useMemo(
    () => (sessionId === undefined ? undefined : { id: sessionId, cwd: session.cwd, backend: session.backend }),
    [sessionId, session.cwd, session.backend],
  );
  return (
    <div className="conversation flex h-full min-h-0 flex-col">
      <header className="border-b border-line">
        <div className="mx-auto flex w-full max-w-(--column) flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2 text-xs text-ink-3 wide:px-6">
          <h1 className="hidden min-w-0 flex-1 truncate text-base font-semibold text-ink wide:block">
            {session.title}
          </h1>
          {session.live && <LiveSign word="word" />}
          <span className="flex min-w-0 items-center gap-1.5">
            <AgentBadge backend={session.backend} size="sm" />
            <span className="sr-only whitespace-nowrap wide:not-sr-only">
              <AgentName backend={session.backend} />
            </span>
          </span>
          <span className="min-w-0 truncate" title={session.cwd}>
            {toShortPath(session.cwd)}
          </span>
          <FoundFacts session={session} />
        </div>
      </header>
      {view === undefined ? (
        <Empty title="Nothing was said in it" className="flex-1" />
      ) : (
        <ConversationView live={live} view={view} readOnly />
      )}
      <div className="mx-auto w-full max-w-(--column) px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] wide:px-6 wide:pb-4">
        <ResumeBar session={session} />
      </div>
    </div>
  );
}

function toTimeline(events: readonly RecordedEvent[]) {
  return events.reduce(foldTimeline, emptyTimeline);
}
