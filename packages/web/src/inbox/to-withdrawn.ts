const DAY_MS = 86_400_000;

/** Those that were closed in the last day, the newest first. */
export function toWithdrawn<T extends { closedAt?: string | undefined }>(asks: readonly T[], now: number): T[] {
  return asks
    .filter(({ closedAt }) => closedAt !== undefined && now - Date.parse(closedAt) < DAY_MS)
    .toSorted((a, b) => ((a.closedAt ?? '') < (b.closedAt ?? '') ? 1 : -1));
}
