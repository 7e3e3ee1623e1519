import type { SessionView } from '@baton/protocol';
import { AgentBadge, AgentName } from '../../sessions/agent-badge.tsx';
import { WholePath } from '../../ui/whole-path.tsx';

/** A session in which nothing was said yet. */
export function Welcome({ session }: { session: SessionView }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center gap-3 overflow-hidden px-6 text-center">
      <AgentBadge backend={session.backend} size="lg" />
      <p className="text-md font-medium">
        {session.queue.length === 0 ? (
          <>
            What should <AgentName backend={session.backend} /> do?
          </>
        ) : (
          <>
            <AgentName backend={session.backend} /> begins with your prompt as soon as it starts
          </>
        )}
      </p>
      <p className="max-w-full font-mono text-xs text-ink-3">
        <WholePath path={session.cwd} />
      </p>
    </div>
  );
}
