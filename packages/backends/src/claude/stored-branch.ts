import type { Pace } from '../stored/pace.ts';
import type { StoredLine } from './stored-line.ts';

/**
 * The lines of the branch that a resume goes on with, in the order of the file. The file is a tree: every rewind leaves the
 * lines after it behind, and the newest line is the end of the branch that counts.
 */
export async function toLiveBranch(lines: readonly StoredLine[], pace: Pace): Promise<StoredLine[]> {
  const main: StoredLine[] = [];
  const places = new Map<string, number>();
  await pace.each(lines, (line) => {
    if (line.isSidechain === true) return;
    places.set(line.uuid, main.length);
    main.push(line);
  });
  const live = new Set<string>();
  await pace.each(toChain(main, places), (line) => live.add(line.uuid));
  await addParallelCalls(main, live, pace);
  const branch: StoredLine[] = [];
  await pace.each(main, (line) => {
    // Deleted, because a line that was written twice counts once.
    if (live.delete(line.uuid)) branch.push(line);
  });
  return branch;
}

function* toChain(main: readonly StoredLine[], places: ReadonlyMap<string, number>): Generator<StoredLine> {
  const seen = new Set<string>();
  for (let index: number | undefined = main.length - 1; index !== undefined; ) {
    const line: StoredLine | undefined = main[index];
    if (line === undefined || seen.has(line.uuid)) return;
    seen.add(line.uuid);
    yield line;
    index = toParentPlace(line, places, index);
  }
}

// A compaction begins a new chain and names the old one. A parent that is missing was damaged or never written; what
// stands before it in the file is the best guess then.
function toParentPlace(line: StoredLine, places: ReadonlyMap<string, number>, index: number): number | undefined {
  const parent = line.parentUuid ?? line.logicalParentUuid;
  if (parent === undefined) return undefined;
  const known = places.get(parent);
  if (known !== undefined) return known;
  // After a fork or a compaction the older part can be in another file.
  return line.parentUuid === undefined || index === 0 ? undefined : index - 1;
}

// Of calls made together each has a line, and each result hangs on its own call: only one of them is on the chain.
async function addParallelCalls(main: readonly StoredLine[], live: Set<string>, pace: Pace): Promise<void> {
  const messages = new Set<string>();
  const calls = new Set<string>();
  await pace.each(main, ({ type, uuid, message }) => {
    if (type === 'assistant' && message?.id !== undefined && live.has(uuid)) messages.add(message.id);
  });
  await pace.each(main, ({ type, uuid, message, blocks }) => {
    if (type === 'assistant' && messages.has(message?.id ?? '')) {
      live.add(uuid);
      for (const block of blocks) if (block.type === 'tool_use' && block.id !== undefined) calls.add(block.id);
    }
    if (type === 'user' && blocks.some((block) => calls.has(block.tool_use_id ?? ''))) live.add(uuid);
  });
}
