import type { BackendView } from '@baton/protocol';
import { ZapOff } from 'lucide-react';
import { Countdown } from '../sessions/countdown.tsx';

/** That an agent is not started for now, why, and when it is tried again. Nothing while it is started as ever. */
export function BreakerNote({ backend, className }: { backend: BackendView; className?: string }) {
  const { breaker, title } = backend;
  if (breaker === undefined) return null;
  return (
    <div
      role="status"
      className={`flex items-start gap-2.5 rounded-md border border-waiting-line bg-waiting-soft px-3 py-2 text-sm ${className ?? ''}`}
    >
      <ZapOff size={15} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-waiting" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {breaker.state === 'half-open'
            ? `${title} is being tried again`
            : `${title} failed to start several times in a row and is not started for now`}
        </p>
        <p className="mt-0.5 wrap-anywhere text-ink-2">{toSentence(breaker.reason)}</p>
        <p className="mt-0.5 text-ink-2">
          {breaker.state === 'half-open' ? (
            'One start shows whether it works again; others wait for it.'
          ) : (
            <>
              The next start is a try: <Countdown to={breaker.retryAt} before="it may begin " over="it may begin now" />
              . Mend the cause first if you can.
            </>
          )}
        </p>
      </div>
    </div>
  );
}

function toSentence(text: string): string {
  const sentence = `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
