/** A set of ids that is never changed: adding gives a new set that shares all but one bucket with the old one. */
export type IdSet = readonly (readonly string[])[];

// Copying this many pointers costs about a microsecond; a session of 100,000 items has 200 ids in a bucket.
const BUCKETS = 512;

export const emptyIdSet: IdSet = [];

export function hasId(set: IdSet, id: string): boolean {
  return set[bucketOf(id)]?.includes(id) ?? false;
}

export function addId(set: IdSet, id: string): IdSet {
  if (hasId(set, id)) return set;
  const buckets = set.length === 0 ? Array.from({ length: BUCKETS }, (): readonly string[] => []) : [...set];
  const index = bucketOf(id);
  buckets[index] = [...(buckets[index] ?? []), id];
  return buckets;
}

function bucketOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) | 0;
  return Math.abs(hash % BUCKETS);
}
