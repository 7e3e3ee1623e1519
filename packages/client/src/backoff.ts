const FIRST_MS = 250;
const LONGEST_MS = 15_000;

/** How long to wait after the nth failure in a row: 0.25 s doubling to 15 s, of which a random half is taken off at most. */
export function toBackoffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 16));
  return Math.round(full * (0.5 + random / 2));
}
