import type { ErrorKind, Failure } from '@baton/protocol';
import { CircleAlert } from 'lucide-react';
import { memo } from 'react';
import type { ErrorRow } from './row.ts';

// What to do, where the message does not say it.
const MENDS: Partial<Record<ErrorKind, string>> = {
  'backend-not-authenticated': 'Sign the agent in on this machine, then send the prompt again.',
  'backend-not-installed': 'Install the agent, then start it again.',
  'rate-limited': 'Wait a little, then send the prompt again.',
  'quota-exceeded': 'Choose another model or wait until the quota is renewed.',
  'agent-exited': 'Start the agent again: the conversation goes on where it was.',
  'agent-unresponsive': 'Stop the agent and start it again.',
  'disk-full': 'Free some space on the disk of the server.',
};

export const ErrorRowView = memo(function ErrorRowView({ row }: { row: ErrorRow }) {
  return <FailureNote failure={row.failure} />;
});

// A second sentence says what to do already, and knows better.
function hasAdvice(message: string): boolean {
  return /[.!?]\s+\S/.test(message);
}

/** What failed, why, and what to do. */
export function FailureNote({ failure }: { failure: Failure }) {
  const mend = hasAdvice(failure.message) ? undefined : MENDS[failure.kind];
  return (
    <div className="my-1.5 flex gap-2.5 rounded-lg border border-failed-line bg-failed-soft px-3 py-2.5 text-base">
      <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-[3px] shrink-0 text-failed" />
      <div className="min-w-0">
        <p className="break-words whitespace-pre-wrap text-ink">{failure.message}</p>
        {mend !== undefined && <p className="mt-0.5 text-sm text-ink-2">{mend}</p>}
      </div>
    </div>
  );
}
