import type { FoundSession } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { CircleAlert, GitBranchPlus, History, Play, SquareTerminal } from 'lucide-react';
import { useId } from 'react';
import { useSessions } from '../live/baton-provider.tsx';
import { useBackends } from '../live/use-backends.ts';
import { useAgentTitle } from '../sessions/agent-badge.tsx';
import { Button } from '../ui/button.tsx';
import { toResumeChoice } from './resume-choice.ts';
import { useResume } from './use-resume.ts';

const ICON = { size: 16, strokeWidth: 1.75, 'aria-hidden': true } as const;

/** What stands in the place of the composer under a conversation that is only read. */
export function ResumeBar({ session }: { session: FoundSession }) {
  const agent = useBackends().data?.find(({ id }) => id === session.backend);
  const title = useAgentTitle(session.backend);
  const choice = toResumeChoice({ session, title, agent, sessions: useSessions().sessions });
  const { busy, failure, resume } = useResume(session.id);
  const words = useId();
  return (
    <section
      aria-label="Read only"
      className="flex flex-col gap-x-4 gap-y-2.5 rounded-lg border border-line-strong bg-raised p-3 wide:flex-row wide:items-center"
    >
      <div className="flex min-w-0 flex-1 items-start gap-2.5 text-sm">
        <span className="mt-px shrink-0 text-ink-3">
          {session.live ? <SquareTerminal {...ICON} className="text-accent" /> : <History {...ICON} />}
        </span>
        <div className="min-w-0">
          <p id={words} className="text-ink-2">
            {choice.words}
          </p>
          {failure !== undefined && (
            <p role="alert" className="mt-1 flex items-start gap-1.5 break-words text-failed">
              <CircleAlert size={14} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0" />
              {failure}
            </p>
          )}
        </div>
      </div>
      <div className="flex shrink-0 gap-2 *:flex-1 wide:*:flex-none">
        <Button
          icon={<GitBranchPlus {...ICON} />}
          disabled={!choice.canFork || busy !== undefined}
          onClick={() => resume(true)}
        >
          {busy === 'fork' ? 'Forking' : 'Fork'}
        </Button>
        {choice.own === undefined ? (
          <Button
            variant="primary"
            icon={<Play {...ICON} />}
            disabled={!choice.canResume || busy !== undefined}
            aria-describedby={words}
            onClick={() => resume(false)}
          >
            {busy === 'resume' ? 'Opening' : 'Go on here'}
          </Button>
        ) : (
          <Link
            to="/sessions/$sessionId"
            params={{ sessionId: choice.own }}
            className="touch inline-flex h-8 items-center justify-center rounded-md bg-accent-fill px-3 text-ui font-medium text-accent-fill-ink hover:bg-accent-fill/90"
          >
            Open session
          </Link>
        )}
      </div>
    </section>
  );
}
