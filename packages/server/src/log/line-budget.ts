/** Lets so many lines of each kind through a minute. */
export interface LineBudget {
  /** How many of this kind were left out since the last one that went through, or undefined: leave this one out too. */
  take(kind: string): number | undefined;
}

const MINUTE_MS = 60_000;
/** Kinds are few, but a message can hold a name. */
const MAX_KINDS = 500;

interface Count {
  since: number;
  passed: number;
  leftOut: number;
}

export function createLineBudget(options: { perMinute: number; now(): number }): LineBudget {
  const counts = new Map<string, Count>();

  function toCount(kind: string): Count {
    const known = counts.get(kind);
    if (known !== undefined) return known;
    if (counts.size >= MAX_KINDS) counts.clear();
    const count = { since: options.now(), passed: 0, leftOut: 0 };
    counts.set(kind, count);
    return count;
  }

  return {
    take(kind) {
      const count = toCount(kind);
      if (options.now() - count.since >= MINUTE_MS) {
        count.since = options.now();
        count.passed = 0;
      }
      if (count.passed >= options.perMinute) {
        count.leftOut += 1;
        return undefined;
      }
      const { leftOut } = count;
      count.passed += 1;
      count.leftOut = 0;
      return leftOut;
    },
  };
}
