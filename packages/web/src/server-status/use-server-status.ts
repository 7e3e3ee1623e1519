import type { ServerSnapshot } from '@baton/client';
import type { ServerStatus } from '@baton/protocol';
import { useState } from 'react';
import { useClient } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';
import { createLastMinute } from './last-minute.ts';

/** How the server does, about once a second while the page shows it. */
export function useServerStatus(): ServerSnapshot {
  return useStore(useClient().server);
}

/** The last minute of measurements, oldest first. */
export function useLastMinute(): readonly ServerStatus[] {
  const client = useClient();
  const [minute] = useState(() => createLastMinute(client.server));
  return useStore(minute);
}
