/** Long-lived connections by the browser session they were opened with, so that signing out ends them at once. */
export interface Leases {
  /** `end` is called at most once; the returned function gives the lease back when the connection ends by itself. */
  hold(sessionHash: string | undefined, end: () => void): () => void;
  endAll(sessionHash: string): void;
}

export function createLeases(): Leases {
  const held = new Map<string, Set<() => void>>();
  return {
    hold(sessionHash, end) {
      if (sessionHash === undefined) return () => undefined;
      const ends = held.get(sessionHash) ?? new Set();
      held.set(sessionHash, ends.add(end));
      return () => {
        ends.delete(end);
        if (ends.size === 0 && held.get(sessionHash) === ends) held.delete(sessionHash);
      };
    },
    endAll(sessionHash) {
      const ends = held.get(sessionHash);
      held.delete(sessionHash);
      for (const end of ends ?? []) end();
    },
  };
}
