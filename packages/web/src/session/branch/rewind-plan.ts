import type { TimelineTurn } from '@baton/core';
import { toPlainText, type FileDiff, type TurnId } from '@baton/protocol';
import { formatCount } from '../figures.ts';

export interface RewindPlan {
  /** The turns that would be taken back, by their prompts, in order. */
  readonly prompts: readonly string[];
  /** A turn runs: nothing can go back before it has ended. */
  readonly running: boolean;
}

/** What going back to the end of a turn takes out of the conversation. */
export function toRewindPlan(turns: readonly TimelineTurn[], turnId: TurnId): RewindPlan {
  const later = turns.slice(turns.findLastIndex((turn) => turn.turnId === turnId) + 1);
  return {
    prompts: later.map((turn) => toPlainText(turn.input).trim().split('\n')[0] || 'A turn the agent began by itself'),
    running: turns.some((turn) => turn.state === 'running'),
  };
}

/** "2 turns and 3 files". */
export function toRewindWords(turns: number, files: readonly FileDiff[] | undefined): string {
  const talk = formatCount(turns, 'turn');
  return files === undefined || files.length === 0 ? talk : `${talk} and ${formatCount(files.length, 'file')}`;
}
