import { LANES, type Lane, type Layout } from './lanes.ts';

export interface HeldLayout {
  layout: Layout;
  /** How many sessions would appear or stand elsewhere if nothing were held. */
  changes: number;
}

/**
 * The layout to show while a pointer or the keyboard is in the list: everything stays where it was. What is gone leaves,
 * because its card has nothing more to show; what is new or would move waits and is counted.
 */
export function holdLayout(held: Layout, live: Layout): HeldLayout {
  const liveLane = toLaneById(live);
  const heldLane = toLaneById(held);
  const layout = mapLanes((lane) => held[lane].filter((id) => liveLane.has(id)));
  let changes = 0;
  for (const [id, lane] of liveLane) if (heldLane.get(id) !== lane) changes += 1;
  return { layout, changes };
}

function toLaneById(layout: Layout): Map<string, Lane> {
  return new Map(LANES.flatMap((lane) => layout[lane].map((id) => [id, lane] as const)));
}

function mapLanes(toIds: (lane: Lane) => readonly string[]): Layout {
  return { 'needs-you': toIds('needs-you'), working: toIds('working'), quiet: toIds('quiet') };
}
