import type { SessionView } from '@baton/protocol';
import { CircleAlert, CloudOff, Moon, Play, Square } from 'lucide-react';
import { Suspense } from 'react';
import { lazyPart } from '../../live/lazy-part.ts';
import { useAgentTitle } from '../../sessions/agent-badge.tsx';
import { useSessionActions } from '../../sessions/use-session-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Note, NOTE_BUTTON } from './note.tsx';
import { QuietNote } from './quiet-note.tsx';
import { RemovedNote, useIsRemoved } from './removed-note.tsx';
import { useAfter } from './use-after.ts';

const QueueNote = lazyPart(async () => (await import('./queue-note.tsx')).QueueNote);

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

export interface SessionNoteProps {
  session: SessionView;
  /** There is no connection. */
  stale: boolean;
  /** Of the failure the conversation says everything at its end. */
  told: boolean;
}

/** Why the agent does nothing right now, and what to do about it. Nothing while it is well. */
export function SessionNote({ session, stale, told }: SessionNoteProps) {
  const isSlow = useAfter(1000, session.state === 'starting');
  const agent = useAgentTitle(session.backend);
  const isRemoved = useIsRemoved(session.backend);
  if (session.archived) return <ArchivedNote session={session} />;
  const isDown = session.state === 'failed' || session.state === 'stopped';
  if (isDown && isRemoved) return <RemovedNote agent={agent} backend={session.backend} />;
  if (isDown) return <DownNote session={session} agent={agent} told={told} />;
  if (stale) {
    return (
      <Note icon={<CloudOff {...ICON} className="text-waiting" />}>
        Not connected. This is how it stood; prompts are kept and sent later.
      </Note>
    );
  }
  if (session.waiting !== undefined) {
    return (
      <Suspense fallback={null}>
        <QueueNote session={session} position={session.waiting.position} />
      </Suspense>
    );
  }
  if (session.state === 'starting' && isSlow)
    return (
      <p role="status" className="mb-2 px-1 text-sm text-ink-3">
        Starting {agent}
      </p>
    );
  if (session.quietSince !== undefined) return <QuietNote session={session} since={session.quietSince} />;
  return null;
}

// Nothing runs: it failed, was put to sleep, or was stopped.
function DownNote({ session, agent, told }: Omit<SessionNoteProps, 'stale'> & { agent: string }) {
  const start = <StartButton session={session} />;
  if (session.state === 'failed') {
    return (
      <Note tone="failed" icon={<CircleAlert {...ICON} className="text-failed" />} action={start}>
        {told || session.failure === undefined
          ? `${agent} ended by itself. It starts again here, or with your next prompt.`
          : session.failure.message}
      </Note>
    );
  }
  if (session.stopReason === undefined || session.stopReason === 'unwatched') {
    return (
      <Note icon={<Square {...ICON} className="text-ink-3" />} action={start}>
        {session.stopReason === 'unwatched'
          ? `${agent} was stopped, as you chose, because nobody watched. Your next prompt starts it again.`
          : `${agent} is stopped. It also starts with the next prompt.`}
      </Note>
    );
  }
  return (
    <Note icon={<Moon {...ICON} className="text-ink-3" />}>
      {agent} is asleep: {SLEEP_WORDS[session.stopReason]}. It wakes with your next prompt, in the same conversation.
    </Note>
  );
}

const SLEEP_WORDS = {
  unused: 'it had nothing to do, and nobody watched',
  room: 'it had nothing to do, and another agent needed its place',
  elsewhere: 'the conversation went on in its own program',
};

function StartButton({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  return (
    <Button size="sm" icon={<Play size={14} strokeWidth={1.75} />} onClick={actions.start} className={NOTE_BUTTON}>
      Start agent
    </Button>
  );
}

function ArchivedNote({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  return (
    <Note
      icon={<Square {...ICON} className="text-ink-3" />}
      action={
        <Button size="sm" onClick={actions.unarchive} className={NOTE_BUTTON}>
          Bring session back
        </Button>
      }
    >
      This session is archived.
    </Note>
  );
}
