import type { SessionView } from '@baton/protocol';
import { useSessionActions } from '../../sessions/use-session-actions.ts';
import { Select } from '../../ui/select.tsx';
import { toTimeChoices } from './time-choices.ts';

/** Whether the agent goes on when nobody watches, or ends after some time, whatever it does. */
export function WatchChoice({ session }: { session: SessionView }) {
  const actions = useSessionActions(session.id);
  const minutes = session.stopUnwatchedMinutes ?? 0;
  return (
    <Select
      label="When nobody watches"
      value={String(minutes)}
      onChange={(value) => actions.stopUnwatched(Number(value))}
      options={toTimeChoices(minutes)}
    />
  );
}
