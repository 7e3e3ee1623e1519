import type { KeptList } from '@baton/protocol';
import { formatCount } from '../session/figures.ts';

/** What came of asking an agent which sessions it keeps: the outcome, and what else there is to know. */
export function toLookWords(kept: KeptList): { words: string; notes: string[] } {
  const { gone, leftOut, problem } = kept;
  return {
    words: toOutcome(kept),
    notes: [
      ...(gone === 0 ? [] : [`${formatCount(gone, 'session')} ${gone === 1 ? 'is' : 'are'} not there any more.`]),
      ...(leftOut === 0 ? [] : [`${leftOut} without an id or a folder ${leftOut === 1 ? 'was' : 'were'} left out.`]),
      ...(problem === undefined ? [] : [`${problem}.`]),
    ],
  };
}

function toOutcome({ told, shown, added, leftOut }: KeptList): string {
  const kept = told - leftOut;
  if (kept === 0 && shown === 0) return 'It keeps no sessions.';
  if (shown === 0) return `It keeps ${formatCount(kept, 'session')}, all of which Baton shows already.`;
  const news = added === 0 ? 'none of them new' : added === shown ? 'all of them new' : `${added} of them new`;
  const beside = kept > shown ? ', and others that Baton shows already' : '';
  return `${formatCount(shown, 'session')} ${shown === 1 ? 'is' : 'are'} listed, ${news}${beside}.`;
}
