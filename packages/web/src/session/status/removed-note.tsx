import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useKnownBackends } from '../../live/use-backends.ts';
import { Note } from './note.tsx';

/** Whether the server has this agent no more; unknown is not gone. Inside a `QueryProvider`. */
export function useIsRemoved(backend: string): boolean {
  const { data, dataUpdatedAt, refetch } = useKnownBackends();
  const [since] = useState(() => Date.now());
  const isMissing = data !== undefined && !data.some(({ id }) => id === backend);
  // It may have been added after the page last asked.
  const isOld = dataUpdatedAt < since;
  useEffect(() => {
    if (isMissing && isOld) void refetch();
  }, [isMissing, isOld, refetch]);
  return isMissing && !isOld;
}

/** Nothing that is sent would reach an agent that was removed. */
export function RemovedNote({ agent, backend }: { agent: string; backend: string }) {
  return (
    <Note icon={<Unplug size={16} strokeWidth={1.75} aria-hidden="true" className="text-ink-3" />}>
      {agent} is not among the agents any more. Add it again under the id “{backend}” to go on.
    </Note>
  );
}
