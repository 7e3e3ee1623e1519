import type { Timeline, TimelineTurn } from '@baton/core';
import { toTurnSummary } from './conversation/turn-summary.ts';
import { formatCount } from './figures.ts';

export interface Announcement {
  readonly text: string;
  readonly urgency: 'polite' | 'assertive';
}

const MESSAGE_CHARS = 240;

/** What a screen reader should say about what happened since: ends and questions, never every word that streams. */
export function toAnnouncements(before: Timeline, now: Timeline): Announcement[] {
  if (before === now || before.seq === 0) return [];
  return [...toAsks(before, now), ...toMessages(before, now), ...toEnds(before, now)];
}

function toAsks(before: Timeline, now: Timeline): Announcement[] {
  const isNew = (list: readonly { id: string }[], id: string) => !list.some((old) => old.id === id);
  const approvals = now.approvals.filter((view) => view.state === 'pending' && isNew(before.approvals, view.id));
  const questions = now.questions.filter((view) => view.state === 'pending' && isNew(before.questions, view.id));
  return [
    ...approvals.map((view): Announcement => ({ text: `Approval needed: ${view.title}`, urgency: 'assertive' })),
    ...questions.map((view): Announcement => {
      return { text: `Question: ${view.questions[0]?.question ?? ''}`, urgency: 'assertive' };
    }),
  ];
}

function toMessages(before: Timeline, now: Timeline): Announcement[] {
  const turn = now.turns.at(-1);
  const old = before.turns.find((other) => other.turnId === turn?.turnId);
  if (turn === undefined || turn === old) return [];
  const wasOpen = new Map(old?.items.map((entry) => [entry.itemId, entry.open]));
  return turn.items.flatMap((entry): Announcement[] => {
    const hasEnded = !entry.open && wasOpen.get(entry.itemId) !== false;
    if (!hasEnded || entry.item.type !== 'agent-message' || entry.item.text.trim() === '') return [];
    const { text } = entry.item;
    return [{ text: text.length > MESSAGE_CHARS ? `${text.slice(0, MESSAGE_CHARS)}…` : text, urgency: 'polite' }];
  });
}

function toEnds(before: Timeline, now: Timeline): Announcement[] {
  const wasRunning = new Set(before.turns.filter((turn) => turn.state === 'running').map((turn) => turn.turnId));
  return now.turns
    .filter((turn) => turn.state !== 'running' && wasRunning.has(turn.turnId))
    .map((turn): Announcement => ({ text: toEndWords(turn), urgency: 'polite' }));
}

function toEndWords(turn: TimelineTurn): string {
  if (turn.state === 'failed') return `The turn failed: ${turn.error?.message ?? 'the reason is not known'}`;
  if (turn.state === 'interrupted') return 'The turn was interrupted';
  const { files } = toTurnSummary(turn);
  return files === 0 ? 'The turn is done' : `The turn is done, ${formatCount(files, 'file')} changed`;
}
