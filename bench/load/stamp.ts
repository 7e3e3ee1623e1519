// Time inside text: `@` and nanoseconds of the machine's monotonic clock, which all its processes share.

const STAMP = /@(\d+) /g;

export function toStamp(at: bigint): string {
  return `@${at} `;
}

/** Milliseconds from each stamp in the text until `at`; several when deltas were joined on their way. */
export function readDelays(text: string, at: bigint): number[] {
  return [...text.matchAll(STAMP)].map(([, stamp = '0']) => Number(at - BigInt(stamp)) / 1e6);
}
