import type { ServerSnapshot } from '@baton/client';
import type { ServerStatus } from '@baton/protocol';
import { useEffect, useState } from 'react';
import { useClient } from '../live/baton-provider.tsx';
import { useStore } from '../live/use-store.ts';

/** How the server does, about once a second while the page shows it. */
export function useServerStatus(): ServerSnapshot {
  return useStore(useClient().server);
}

const KEPT = 60;

/** The last minute of measurements, oldest first. */
export function useLastMinute(latest: ServerStatus | undefined): readonly ServerStatus[] {
  const [kept, setKept] = useState<readonly ServerStatus[]>([]);
  useEffect(() => {
    if (latest === undefined) return;
    setKept((before) => (before.at(-1)?.at === latest.at ? before : [...before, latest].slice(-KEPT)));
  }, [latest]);
  return kept;
}
