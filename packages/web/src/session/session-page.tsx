import { toPlainText, type SessionId } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useClient, useSession, type LiveSession } from '../live/baton-provider.tsx';
import { announce } from '../ui/live-region.tsx';
import { Empty } from '../ui/empty.tsx';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { showToast } from '../ui/toast.tsx';
import { useHotkeys } from '../ui/use-hotkeys.ts';
import { toAnnouncements } from './announcements.ts';
import { ForkNote } from './branch/fork-note.tsx';
import { AskDock } from './ask/ask-dock.tsx';
import { Composer } from './composer/composer.tsx';
import { ConversationView } from './conversation/conversation.tsx';
import type { RowListHandle } from './conversation/row-list.tsx';
import { toFailureWords } from './failure-words.ts';
import { SessionNote } from './status/session-note.tsx';
import { Welcome } from './status/welcome.tsx';
import './session.css';

export interface SessionPageProps {
  sessionId: SessionId;
}

/** One session: its conversation, what it asks, and the composer. */
export function SessionPage({ sessionId }: SessionPageProps) {
  const live = useSession(sessionId);
  if (live.status === 'gone') return <GonePage />;
  if (live.view === undefined || live.status === 'loading') {
    return (
      <SpinnerAfter
        what="Loading the conversation"
        mend="The server has not sent this session yet. Check that it is running and that this page is connected."
      />
    );
  }
  return <LoadedPage key={sessionId} live={live} view={live.view} />;
}

function GonePage() {
  return (
    <Empty
      title="This session is not here any more"
      hint="It was deleted, or its address is wrong."
      action={
        <Link to="/" className="touch font-medium text-accent hover:underline">
          Show all sessions
        </Link>
      }
      className="h-full"
    />
  );
}

function LoadedPage({ live, view }: { live: LiveSession; view: NonNullable<LiveSession['view']> }) {
  const client = useClient();
  const list = useRef<RowListHandle>(null);
  const text = useRef<HTMLTextAreaElement>(null);
  useAnnouncements(live);
  const prompts = usePrompts(live);
  const interrupt = useCallback(() => {
    client.send({ type: 'turn.interrupt', sessionId: view.id }).catch((error: unknown) => {
      const description = toFailureWords(error, 'The request did not arrive');
      showToast({ title: 'The turn was not stopped', description, tone: 'failed' });
    });
  }, [client, view.id]);
  useHotkeys([{ keys: '/', title: 'Write a prompt', group: 'Conversation', run: () => text.current?.focus() }]);
  const isEmpty = live.timeline.turns.length === 0 && live.optimistic.length === 0 && live.timeline.marks.length === 0;
  return (
    <div className="conversation flex h-full min-h-0 flex-col">
      <h1 className="sr-only">{view.title}</h1>
      {view.parent !== undefined && <ForkNote parent={view.parent} />}
      {isEmpty ? <Welcome session={view} /> : <ConversationView ref={list} live={live} view={view} />}
      {/* What is asked gives way and scrolls in itself, so that the composer stays in reach under it. On a screen of a few
          lines, as when all is four times as large, the foot scrolls in itself. */}
      <div className="mx-auto flex max-h-full w-full max-w-(--column) shrink-0 flex-col [@media(max-height:24rem)]:block [@media(max-height:24rem)]:overflow-y-auto px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] wide:px-6 wide:pb-4">
        <SessionNote
          session={view}
          stale={live.status === 'stale'}
          told={view.failure !== undefined && live.timeline.turns.at(-1)?.error?.message === view.failure.message}
        />
        <AskDock
          approvals={live.timeline.approvals}
          questions={live.timeline.questions}
          onTyping={() => text.current?.focus()}
        />
        <Composer
          session={view}
          prompts={prompts}
          textRef={text}
          onInterrupt={interrupt}
          onSent={() => list.current?.jump()}
        />
      </div>
    </div>
  );
}

function usePrompts({ timeline }: LiveSession): readonly string[] {
  const { turns } = timeline;
  return useMemo(
    () =>
      turns
        .map((turn) => toPlainText(turn.input.filter((part) => part.type !== 'image')).trim())
        .filter((prompt) => prompt !== ''),
    [turns],
  );
}

function useAnnouncements({ timeline, status }: LiveSession): void {
  const before = useRef(timeline);
  useEffect(() => {
    const news = status === 'live' ? toAnnouncements(before.current, timeline) : [];
    before.current = timeline;
    for (const { text, urgency } of news) announce(text, urgency);
  }, [timeline, status]);
}
