import type { TimelineMark } from '@baton/core';
import { toMarkWords, type MarkWords } from '../conversation/mark-words.ts';

export interface LifeEntry extends MarkWords {
  readonly seq: number;
  readonly at: string;
}

const LIFE: ReadonlySet<TimelineMark['event']['type']> = new Set([
  'agent.started',
  'agent.exited',
  'session.stop-requested',
]);

/**
 * How the agent came and went, newest first: each end with its reason, each start after it. Empty for one that has run
 * since it was first started. `unasked` counts the ends that nobody asked for.
 */
export function toRestarts(marks: readonly TimelineMark[]): { entries: LifeEntry[]; unasked: number } {
  const first = marks.findIndex(({ event }) => event.type === 'agent.exited');
  if (first === -1) return { entries: [], unasked: 0 };
  const entries = marks.flatMap((mark, index) => {
    const { event, seq, at } = mark;
    const isLife = LIFE.has(event.type) || isAboutLife(marks, index);
    if (!isLife || (event.type === 'agent.started' && index < first)) return [];
    if (event.type === 'agent.exited' && event.expected && marks[index - 1]?.event.type === 'session.stop-requested')
      return [];
    return [{ seq, at, ...toMarkWords(event) }];
  });
  const unasked = marks.filter(({ event }) => event.type === 'agent.exited' && !event.expected).length;
  return { entries: entries.reverse(), unasked };
}

// What Baton says right after an end tells whether and when it starts the agent again.
function isAboutLife(marks: readonly TimelineMark[], index: number): boolean {
  const before = marks[index - 1]?.event;
  return marks[index]?.event.type === 'notice.raised' && before?.type === 'agent.exited' && !before.expected;
}
