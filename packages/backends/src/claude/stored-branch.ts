import type { StoredLine } from './stored-line.ts';

/**
 * The lines of the branch that a resume goes on with, in the order of the file. The file is a tree: every rewind leaves the
 * lines after it behind, and the newest line is the end of the branch that counts.
 */
export function toLiveBranch(lines: readonly StoredLine[]): StoredLine[] {
  const main = lines.filter((line) => line.isSidechain !== true);
  const live = new Set(toChain(main).map((line) => line.uuid));
  for (const line of toParallelCalls(main, live)) live.add(line.uuid);
  const seen = new Set<string>();
  return main.filter(({ uuid }) => live.has(uuid) && !seen.has(uuid) && seen.add(uuid) !== undefined);
}

function toChain(main: readonly StoredLine[]): StoredLine[] {
  const places = new Map(main.map((line, index) => [line.uuid, index]));
  const chain: StoredLine[] = [];
  const seen = new Set<string>();
  for (let index: number | undefined = main.length - 1; index !== undefined; ) {
    const line: StoredLine | undefined = main[index];
    if (line === undefined || seen.has(line.uuid)) break;
    seen.add(line.uuid);
    chain.push(line);
    index = toParentPlace(line, places, index);
  }
  return chain;
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
function toParallelCalls(main: readonly StoredLine[], live: ReadonlySet<string>): StoredLine[] {
  const ids = new Set<string>();
  const calls = new Set<string>();
  for (const line of main) {
    if (line.type !== 'assistant' || !live.has(line.uuid)) continue;
    const id = line.message?.id;
    if (id !== undefined) ids.add(id);
  }
  return main.filter((line) => {
    if (line.type === 'assistant') {
      const isPart = line.message?.id !== undefined && ids.has(line.message.id);
      if (isPart) for (const block of line.blocks) if (block.type === 'tool_use') calls.add(block.id ?? '');
      return isPart;
    }
    return line.type === 'user' && line.blocks.some((block) => calls.has(block.tool_use_id ?? ''));
  });
}
