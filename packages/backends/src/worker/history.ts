import type { InputPart, Item, ItemId, RecordedEvent, SessionEvent, TurnId } from '@baton/protocol';
import { z } from 'zod';

/** An item of a turn as the conversation holds it. `group` counts the replies of the model within the turn. */
export interface HistoryEntry {
  itemId: ItemId;
  item: Item;
  isOpen: boolean;
  group: number;
}

export interface HistoryTurn {
  turnId: TurnId;
  input: readonly InputPart[];
  /** What the files named in the prompt held then. */
  files: readonly FileContent[];
  entries: readonly HistoryEntry[];
  /** What was added while it ran, each where the model read it: after that reply, or before the first (-1). */
  steers: readonly { after: number; input: readonly InputPart[]; files: readonly FileContent[] }[];
  /** Added, and not read yet. */
  waiting: readonly (readonly InputPart[])[];
  outcome?: 'completed' | 'interrupted' | 'failed';
}

/** All that the model is to know of the session. */
export interface History {
  /** What stands for everything before the first turn that is kept. */
  summary?: string;
  turns: readonly HistoryTurn[];
}

export const emptyHistory: History = { turns: [] };

const fileContentSchema = z.object({ path: z.string(), text: z.string() });
export type FileContent = z.infer<typeof fileContentSchema>;

/** What the worker keeps in the log beside the common events, as `raw.received` with source "worker". */
const workerRecordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('compaction'), summary: z.string() }),
  z.object({ type: z.literal('files'), turnId: z.string(), files: z.array(fileContentSchema) }),
  /** The model is given what was added first, `count` times. */
  z.object({ type: z.literal('steered'), turnId: z.string(), count: z.int(), files: z.array(fileContentSchema) }),
]);

export const WORKER_SOURCE = 'worker';

/**
 * The history after one more event of the log. Pure and total: the live conversation and one that is resumed from the
 * log go through this same fold, so they cannot differ.
 */
export function foldHistory(history: History, event: SessionEvent): History {
  switch (event.type) {
    case 'turn.started':
      return startTurn(history, event.turnId, event.input);
    case 'turn.steered':
      return changeTurn(history, event.turnId, (turn) => ({ ...turn, waiting: [...turn.waiting, event.input] }));
    case 'turn.ended':
      return changeTurn(history, event.turnId, (turn) => ({ ...turn, outcome: event.outcome }));
    case 'item.started':
      // Items of a subagent are not part of the main conversation.
      if (event.parentItemId !== undefined) return history;
      return changeTurn(history, event.turnId, (turn) => startItem(turn, event.itemId, event.item));
    case 'item.ended':
      return endItem(history, event.itemId, event.item);
    case 'raw.received':
      return event.source === WORKER_SOURCE ? applyRecord(history, event.payload) : history;
    default:
      return history;
  }
}

export function foldAll(events: Iterable<RecordedEvent>): History {
  let history = emptyHistory;
  for (const { event } of events) history = foldHistory(history, event);
  return history;
}

function startTurn(history: History, turnId: TurnId, input: readonly InputPart[]): History {
  if (history.turns.some((turn) => turn.turnId === turnId)) return history;
  return { ...history, turns: [...history.turns, { turnId, input, files: [], entries: [], steers: [], waiting: [] }] };
}

function changeTurn(history: History, turnId: string, change: (turn: HistoryTurn) => HistoryTurn): History {
  const index = history.turns.findLastIndex((turn) => turn.turnId === turnId);
  const turn = history.turns[index];
  return turn === undefined ? history : { ...history, turns: history.turns.with(index, change(turn)) };
}

// Calls of one reply all start before the first of them ends; anything that starts after an ended call, or after something
// that was added, is a new reply.
function startItem(turn: HistoryTurn, itemId: ItemId, item: Item): HistoryTurn {
  const last = turn.entries.at(-1);
  const group = last?.group ?? 0;
  const current = turn.entries.filter((entry) => entry.group === group);
  const calls = current.filter((entry) => entry.item.type === 'tool-call');
  const isAfterCalls = calls.length > 0 && (item.type !== 'tool-call' || calls.every((entry) => !entry.isOpen));
  const isNext = isAfterCalls || (current.length > 0 && turn.steers.some(({ after }) => after === group));
  return { ...turn, entries: [...turn.entries, { itemId, item, isOpen: true, group: isNext ? group + 1 : group }] };
}

function endItem(history: History, itemId: ItemId, item: Item): History {
  const owner = history.turns.findLast((turn) => turn.entries.some((entry) => entry.itemId === itemId));
  if (owner === undefined) return history;
  return changeTurn(history, owner.turnId, (turn) => ({
    ...turn,
    entries: turn.entries.map((entry) => (entry.itemId === itemId ? { ...entry, item, isOpen: false } : entry)),
  }));
}

function applyRecord(history: History, payload: unknown): History {
  const parsed = workerRecordSchema.safeParse(payload);
  if (!parsed.success) return history;
  const record = parsed.data;
  if (record.type === 'files') return changeTurn(history, record.turnId, (turn) => ({ ...turn, files: record.files }));
  if (record.type === 'steered') return changeTurn(history, record.turnId, (turn) => readSteers(turn, record));
  // The running turn keeps its prompt and what was added to it; what was done for it is in the summary.
  const running = history.turns.filter((turn) => turn.outcome === undefined).map(forgetWork);
  return { summary: record.summary, turns: running };
}

function forgetWork(turn: HistoryTurn): HistoryTurn {
  return { ...turn, entries: [], steers: turn.steers.map((steer) => ({ ...steer, after: -1 })) };
}

function readSteers(turn: HistoryTurn, { count, files }: { count: number; files: FileContent[] }): HistoryTurn {
  const after = turn.entries.at(-1)?.group ?? -1;
  const read = turn.waiting.slice(0, count).map((input, index) => ({ after, input, files: index === 0 ? files : [] }));
  return { ...turn, steers: [...turn.steers, ...read], waiting: turn.waiting.slice(count) };
}
