import type { SessionView } from '@baton/protocol';
import { useBackends } from '../../live/use-backends.ts';
import { SettingPickers } from './setting-pickers.tsx';

/** Models and modes as the server knows them, for a session whose agent has not said its own yet. */
export function BackendPickers({ session }: { session: SessionView }) {
  const backend = useBackends().data?.find((candidate) => candidate.id === session.backend);
  return <SettingPickers session={session} models={backend?.models ?? []} modes={backend?.modes ?? []} />;
}
