import type { SearchHit } from '@baton/protocol';
import type { HitGroup } from '../search/group-hits.ts';
import type { Entry } from './use-entries.tsx';

/** One thing that can be chosen, with what stands above it. */
export type Option =
  | { kind: 'entry'; key: string; heading: string | undefined; entry: Entry }
  | { kind: 'hit'; key: string; group: HitGroup | undefined; hit: SearchHit; more: number }
  | { kind: 'more'; key: string };

export interface OptionParts {
  entries: readonly Entry[];
  groups: readonly HitGroup[];
  hasMore: boolean;
}

/** All that can be chosen as one list, in the order in which it is shown: the keyboard goes through it. Pure. */
export function toOptions({ entries, groups, hasMore }: OptionParts): Option[] {
  return [
    ...entries.map((entry, index): Option => {
      const heading = entries[index - 1]?.group === entry.group ? undefined : entry.group;
      return { kind: 'entry', key: entry.id, heading, entry };
    }),
    ...groups.flatMap((group) =>
      group.hits.map((hit, index): Option => {
        const isFirst = index === 0;
        const more = index === group.hits.length - 1 ? group.more : 0;
        return { kind: 'hit', key: `${group.id}:${index}`, group: isFirst ? group : undefined, hit, more };
      }),
    ),
    ...(hasMore ? [{ kind: 'more', key: 'more' } as const] : []),
  ];
}
