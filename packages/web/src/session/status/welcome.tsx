import type { SessionView } from '@baton/protocol';
import { toAgentTitle } from '../../sessions/agent-title.ts';
import { AgentMark } from '../../ui/agent-mark.tsx';

/** A session in which nothing was said yet. */
export function Welcome({ session }: { session: SessionView }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 px-6 text-center">
      <AgentMark backend={session.backend} size="lg" />
      <p className="text-md font-medium">What should {toAgentTitle(session.backend)} do?</p>
      <p className="max-w-full font-mono text-xs break-all text-ink-3">{session.cwd}</p>
    </div>
  );
}
