import type { TimelineMark } from '@baton/core';
import type { EventOf, StopReason } from '@baton/protocol';

export interface MarkWords {
  readonly text: string;
  readonly tone: 'quiet' | 'warning' | 'failed';
}

/** What an agent calls its models and modes. */
export interface OfferTitles {
  readonly models: readonly { readonly id: string; readonly title: string }[];
  readonly modes: readonly { readonly id: string; readonly title: string }[];
}

export const noTitles: OfferTitles = { models: [], modes: [] };

/** What stands between turns, in words. */
export function toMarkWords(event: TimelineMark['event'], titles = noTitles): MarkWords {
  switch (event.type) {
    case 'agent.started':
      return { text: 'Agent started again', tone: 'quiet' };
    case 'agent.exited':
      if (event.expected) return { text: 'Agent stopped', tone: 'quiet' };
      return { text: event.failure?.message ?? `The agent ended by itself${toCause(event)}`, tone: 'failed' };
    case 'session.stop-requested':
      return { text: STOP_WORDS[event.reason ?? 'unused'], tone: 'quiet' };
    case 'session.configured':
      return { text: toChange(event, titles), tone: 'quiet' };
    case 'session.continued':
      return { text: "Went on in the agent's own program", tone: 'quiet' };
    case 'session.rewound':
      return { text: toWentBack(event), tone: 'quiet' };
    case 'checkpoint.restored':
      return { text: toRestored(event), tone: 'quiet' };
    case 'notice.raised':
      return {
        text: withLocalTimes(event.text),
        tone: event.level === 'info' ? 'quiet' : event.level === 'error' ? 'failed' : 'warning',
      };
  }
}

// The log names moments for everybody; whoever reads has a clock of their own.
function withLocalTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (moment) => new Date(moment).toLocaleTimeString());
}

const STOP_WORDS: Record<StopReason, string> = {
  unused: 'Put to sleep: it had nothing to do, and nobody watched',
  room: 'Put to sleep: it had nothing to do, and another agent waited for its place',
  unwatched: 'Stopped, as was chosen: nobody watched for long',
  elsewhere: 'Put to sleep: the conversation went on in its own program',
};

function toWentBack({ turnId, by }: EventOf<'session.rewound'>): string {
  const where = turnId === undefined ? 'to the beginning' : 'to here';
  const who = by === 'agent' ? `Somebody went back ${where} in the agent itself` : `Went back ${where}`;
  return `${who}; what came after was taken back`;
}

function toRestored({ paths }: EventOf<'checkpoint.restored'>): string {
  const what = paths === undefined ? 'The files' : paths.length === 1 ? '1 file' : `${paths.length} files`;
  return `${what} went back to a checkpoint; the state before was saved`;
}

function toCause({ code, signal }: { code: number | null; signal: string | null }): string {
  if (signal !== null) return ` (signal ${signal})`;
  return code === null ? '' : ` (exit code ${code})`;
}

function toChange({ model, mode, effort, by }: EventOf<'session.configured'>, titles: OfferTitles): string {
  const parts = [
    ...(model === undefined ? [] : [`model ${toTitle(titles.models, model)}`]),
    ...(mode === undefined ? [] : [`mode ${toTitle(titles.modes, mode)}`]),
    ...(effort === undefined ? [] : [`effort ${effort}`]),
  ];
  return `${by === 'agent' ? 'The agent changed to' : 'Changed to'} ${parts.join(', ')}`;
}

function toTitle(offered: OfferTitles['models'], id: string): string {
  return offered.find((each) => each.id === id)?.title ?? id;
}
