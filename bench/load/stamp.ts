// Time inside text: `@` and nanoseconds of the machine's monotonic clock, which all its processes share.

const STAMP = /@(\d+) /g;

export function toStamp(at: bigint): string {
  return `@${at} `;
}

/** The times in a text; several when deltas were joined on their way. */
export function readStamps(text: string): bigint[] {
  return [...text.matchAll(STAMP)].map(([, stamp = '0']) => BigInt(stamp));
}
