import type { TimelineItem, TimelineTurn } from '@baton/core';
import type { ToolCallItem } from '@baton/protocol';

/** What a turn came to, in figures. */
export interface TurnSummary {
  readonly files: number;
  readonly added: number;
  readonly removed: number;
  readonly commands: number;
  readonly failedCommands: number;
}

export interface FileTouched {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** The last call that touched it, to jump to. */
  readonly itemId: string;
}

const TOUCHING = new Set(['edit', 'delete', 'move']);

const summaries = new WeakMap<TimelineTurn, TurnSummary>();

/** The same value for the same turn. */
export function toTurnSummary(turn: TimelineTurn): TurnSummary {
  const known = summaries.get(turn) ?? countTurn(turn);
  summaries.set(turn, known);
  return known;
}

function countTurn(turn: TimelineTurn): TurnSummary {
  const files = toFilesTouched(turn.items);
  const commands = turn.items.map(toToolCall).filter((call) => call?.kind === 'execute' && hasRun(call));
  return {
    files: files.length,
    added: files.reduce((sum, file) => sum + file.added, 0),
    removed: files.reduce((sum, file) => sum + file.removed, 0),
    commands: commands.length,
    failedCommands: commands.filter((call) => call?.status === 'failed').length,
  };
}

/** Files that calls changed, in the order in which they were first touched; each once, with its lines summed. */
export function toFilesTouched(items: readonly TimelineItem[]): FileTouched[] {
  const files = new Map<string, FileTouched>();
  for (const entry of items) {
    const call = toToolCall(entry);
    if (call === undefined || !hasRun(call) || call.status === 'failed') continue;
    for (const change of toChanges(call)) {
      const before = files.get(change.path);
      files.set(change.path, {
        path: change.path,
        added: (before?.added ?? 0) + change.added,
        removed: (before?.removed ?? 0) + change.removed,
        itemId: entry.itemId,
      });
    }
  }
  return [...files.values()];
}

function toChanges(call: ToolCallItem): { path: string; added: number; removed: number }[] {
  const diffs = (call.output ?? []).flatMap((part) => (part.type === 'diff' ? [part] : []));
  if (diffs.length > 0) return diffs;
  if (!TOUCHING.has(call.kind)) return [];
  return (call.locations ?? []).slice(0, 1).map(({ path }) => ({ path, added: 0, removed: 0 }));
}

function toToolCall(entry: TimelineItem): ToolCallItem | undefined {
  return entry.item.type === 'tool-call' ? entry.item : undefined;
}

function hasRun(call: ToolCallItem): boolean {
  return call.status === 'completed' || call.status === 'failed' || call.status === 'interrupted';
}
