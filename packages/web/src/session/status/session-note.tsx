import type { SessionView } from '@baton/protocol';
import { CircleAlert, CloudOff, Play, Square } from 'lucide-react';
import type { ReactNode } from 'react';
import { toAgentTitle } from '../../sessions/agent-title.ts';
import { useSessionActions } from '../../sessions/use-session-actions.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { useAfter } from './use-after.ts';

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** Why the agent does nothing right now, and what to do about it. Nothing while it is well. */
export function SessionNote({ session, stale }: { session: SessionView; stale: boolean }) {
  const isSlow = useAfter(1000, session.state === 'starting');
  const agent = toAgentTitle(session.backend);
  if (session.archived) return <ArchivedNote session={session} />;
  if (session.state === 'failed') {
    return (
      <Note
        tone="failed"
        icon={<CircleAlert {...ICON} className="text-failed" />}
        action={<StartButton session={session} />}
      >
        {session.failure?.message ?? `${agent} ended by itself.`}
      </Note>
    );
  }
  if (session.state === 'stopped') {
    return (
      <Note icon={<Square {...ICON} className="text-ink-3" />} action={<StartButton session={session} />}>
        {agent} is stopped. It also starts with the next prompt.
      </Note>
    );
  }
  if (session.state === 'starting' && isSlow)
    return (
      <p role="status" className="mb-2 px-1 text-sm text-ink-3">
        Starting {agent}
      </p>
    );
  if (stale) {
    return (
      <Note icon={<CloudOff {...ICON} className="text-waiting" />}>
        Not connected. This is how it stood; prompts are kept and sent later.
      </Note>
    );
  }
  return null;
}

function StartButton({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  return (
    <Button size="sm" icon={<Play size={14} strokeWidth={1.75} />} onClick={actions.start} className="coarse:h-9">
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
        <Button size="sm" onClick={actions.unarchive} className="coarse:h-9">
          Bring session back
        </Button>
      }
    >
      This session is archived.
    </Note>
  );
}

interface NoteProps {
  tone?: 'failed';
  icon: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

function Note({ tone, icon, action, children }: NoteProps) {
  return (
    <div
      role="status"
      className={cx(
        'mb-2 flex items-start gap-2.5 rounded-lg border py-2 pr-2 pl-3 text-sm',
        tone === 'failed' ? 'border-failed-line bg-failed-soft' : 'border-line bg-surface',
      )}
    >
      <span className="mt-1.5 shrink-0">{icon}</span>
      <p className="min-w-0 flex-1 self-center py-1 break-words">{children}</p>
      {action}
    </div>
  );
}
