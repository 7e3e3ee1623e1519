import type { StoredSession } from '@baton/core';
import { createId, type SessionEvent, toPlainText, type TurnId } from '@baton/protocol';
import type { OwnPast, Since } from './history-calls.ts';

/** How long nothing is written before the last turn is taken to be over: what seems to have come to its end, and any other. */
const BRIEF_MS = 2000;
const LONG_MS = 60_000;

type Past = StoredSession['events'];

export interface SinceWhen extends OwnPast {
  /** Whether somebody has it open, where that can be known. */
  isLive: boolean | undefined;
  /** Nothing was written for as long as was asked for. */
  isQuiet: boolean;
}

/**
 * What a conversation has that its session was not told of, in whole turns, without the last one while it may go on. Pure.
 *
 * A turn that was told of and went on after all is told of as one that the agent began.
 */
export function toSince({ events }: Pick<StoredSession, 'events'>, { isLive, isQuiet, ...own }: SinceWhen): Since {
  const past = findNew(events, own);
  if (past.length === 0) return { past };
  const last = past.findLast(({ event }) => event.type === 'turn.ended')?.event;
  const seemsOver = last?.type === 'turn.ended' && last.outcome === 'completed';
  if (isLive === false || (isQuiet && (isLive === undefined || seemsOver))) return { past };
  const upTo = past.findLastIndex(({ event }) => event.type === 'turn.started');
  return { past: past.slice(0, upTo), againMs: seemsOver && isLive === undefined ? BRIEF_MS : LONG_MS };
}

interface StoredTurn {
  at: string;
  /** Where it begins. */
  index: number;
  turnId: TurnId;
  text: string;
  point: string | undefined;
}

function findNew(events: Past, own: OwnPast): Past {
  const turns = toTurns(events);
  const known = findLastKnown(turns, own);
  if (known === undefined) return events.slice(turns[findByTime(turns, own)]?.index ?? events.length);
  const later = own.turns.slice(known.own + 1);
  const next = known.stored + 1 + countSame(turns.slice(known.stored + 1), later);
  const [begin, end] = [turns[known.stored]?.index, turns[next]?.index ?? events.length];
  const isLast = later.every(({ text }) => text === '');
  return [...(isLast ? toMore(events.slice(begin, end), own) : []), ...events.slice(end)];
}

/** How many of them are the session's own that died here: no mark is left by which they could be known, but their words. */
function countSame(turns: readonly StoredTurn[], own: OwnPast['turns']): number {
  let count = 0;
  for (const { text } of own) if (turns[count]?.text === text.trim()) count += 1;
  return count;
}

function toTurns(events: Past): StoredTurn[] {
  const turns: StoredTurn[] = [];
  for (const [index, { at, event }] of events.entries()) {
    if (event.type === 'turn.started') {
      turns.push({ at, index, turnId: event.turnId, text: toPlainText(event.input).trim(), point: undefined });
    }
    const last = turns.at(-1);
    if (event.type === 'turn.ended' && last !== undefined) last.point = event.point;
  }
  return turns;
}

/** The last turn that both have, by what the agent calls it: no clock is asked, and no words, which may come again. */
function findLastKnown(turns: readonly StoredTurn[], own: OwnPast): { stored: number; own: number } | undefined {
  const places = new Map<string, number>();
  for (const [index, { turnId, point }] of own.turns.entries()) {
    places.set(turnId, index);
    if (point !== undefined) places.set(point, index);
  }
  for (let stored = turns.length - 1; stored >= 0; stored -= 1) {
    const turn = turns[stored];
    const place = turn && (places.get(turn.turnId) ?? places.get(turn.point ?? ''));
    if (place !== undefined) return { stored, own: place };
  }
  return undefined;
}

/**
 * Where that begins which the session does not have. Agents may write what was said before anew, with other times: where what
 * comes before is not the session's own last turn, nothing counts up to the last turn that the session has, by its words.
 */
function findByTime(turns: readonly StoredTurn[], { since, turns: own }: OwnPast): number {
  const texts = new Set(own.map(({ text }) => text.trim()));
  const first = turns.findIndex(({ at }) => at > since);
  if (first === -1) return turns.length;
  const isInPlace = turns[first - 1]?.text === own.at(-1)?.text.trim();
  return isInPlace ? first : Math.max(first, turns.findLastIndex(({ text }) => texts.has(text)) + 1);
}

/** What a turn that was taken over has now, and had not then. */
function toMore(turn: Past, { taken }: OwnPast): Past {
  const [first] = turn;
  const end = turn.findLast(({ event }) => event.type === 'turn.ended');
  if (first?.event.type !== 'turn.started' || end?.event.type !== 'turn.ended') return [];
  const told = new Set<string>(taken);
  // Its own turns have other names for their items.
  const wasTaken = turn.some(({ event }) => event.type === 'item.started' && told.has(event.itemId));
  const items = turn.filter(({ event }) => isItem(event) && !told.has(event.itemId));
  const [news] = items;
  if (!wasTaken || news === undefined) return [];
  const turnId = createId('turn');
  const started: SessionEvent = { type: 'turn.started', turnId, input: [], by: 'agent' };
  const inTurn = items.map(({ at, event }) => ({ at, event: 'turnId' in event ? { ...event, turnId } : event }));
  const { usage: _, costUsd: __, ...ended } = end.event;
  return [{ at: news.at, event: started }, ...inTurn, { at: end.at, event: { ...ended, turnId } }];
}

function isItem(event: SessionEvent): event is Extract<SessionEvent, { type: 'item.started' | 'item.ended' }> {
  return event.type === 'item.started' || event.type === 'item.ended';
}
