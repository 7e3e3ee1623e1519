import type { SessionView } from '@baton/protocol';
import { useMemo, useState } from 'react';
import { holdLayout, type HeldLayout } from './hold-layout.ts';
import { toLayout, type Layout } from './lanes.ts';
import { useHold, type Hold } from './use-hold.ts';

export interface SteadyLayout extends HeldLayout {
  /** Brings the held list up to date now. */
  settle(): void;
  /** For the element around the list. */
  handlers: Hold['handlers'];
}

/** Sessions by lane that do not move while the pointer, a finger or the keyboard is among them. */
export function useSteadyLayout(sessions: readonly SessionView[]): SteadyLayout {
  const live = useMemo(() => toLayout(sessions), [sessions]);
  const [kept, setKept] = useState<Layout | undefined>();
  const { held, handlers } = useHold();
  if (held !== (kept !== undefined)) setKept(held ? live : undefined);
  return {
    ...(kept === undefined ? { layout: live, changes: 0 } : holdLayout(kept, live)),
    settle: () => setKept((current) => (current === undefined ? undefined : live)),
    handlers,
  };
}
