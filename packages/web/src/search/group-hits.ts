import type { SearchHit } from '@baton/protocol';

/** One conversation with the places in it where the words stand. */
export interface HitGroup {
  id: string;
  title: string;
  backend: string;
  cwd: string;
  hits: readonly SearchHit[];
  /** Places that are not among `hits`. */
  more: number;
}

/** Hits by conversation, each group where its newest hit stands. */
export function groupHits(hits: readonly SearchHit[], perGroup: number): HitGroup[] {
  const groups = new Map<string, SearchHit[]>();
  for (const hit of hits) {
    const id = hit.sessionId ?? hit.foundId ?? '';
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [hit]);
    else group.push(hit);
  }
  return [...groups].flatMap(([id, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    const { title, backend, cwd } = first;
    return [{ id, title, backend, cwd, hits: all.slice(0, perGroup), more: Math.max(0, all.length - perGroup) }];
  });
}
