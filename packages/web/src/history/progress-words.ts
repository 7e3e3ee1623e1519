import type { HistoryStatus } from '@baton/protocol';

/** An agent at work changes its own conversation every few seconds; that is not worth a word. */
const WORTH_TELLING = 20;

/** How far the reading of stored conversations is; undefined when there is nothing to tell. */
export function toProgressWords(status: HistoryStatus | undefined): string | undefined {
  if (status === undefined) return undefined;
  const { state, total, waiting, problem } = status;
  if (problem !== undefined) return problem;
  if (state === 'scanning' && total === 0) return 'Looking for conversations on this machine';
  if (state === 'ready' || waiting < WORTH_TELLING) return undefined;
  return `Reading ${toFigure(total - waiting)} of ${toFigure(total)} conversations`;
}

function toFigure(count: number): string {
  return count.toLocaleString('en');
}
