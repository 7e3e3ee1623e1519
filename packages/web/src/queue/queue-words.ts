import type { AgentQueue, WaitingStart } from '@baton/protocol';

type Limits = AgentQueue['limits'];

/** "2 of 3 places are taken"; without a limit how many agents run. */
export function toPlacesWords(running: number, { inAll }: Limits): string {
  if (inAll > 0) return `${running} of ${inAll} ${inAll === 1 ? 'place' : 'places'} taken`;
  if (running === 0) return 'No agent runs';
  return running === 1 ? '1 agent runs' : `${running} agents run`;
}

/** Why one waits, in a few words; `agent` is the name of its agent. */
export function toWaitWords(
  { because }: Pick<WaitingStart, 'because'>,
  { agent, limits }: { agent: string; limits: Limits },
): string {
  switch (because) {
    case 'all-taken':
      return limits.inAll === 1 ? 'The one place is taken' : `All ${limits.inAll} places are taken`;
    case 'user-taken':
      return `Its user has ${limits.perUser} ${limits.perUser === 1 ? 'agent' : 'agents'}, as many as one may have`;
    case 'failed':
      return 'Its agent ended unasked';
    case 'backend-failing':
      return `${agent} fails to start`;
  }
}

/** What the limits are, and who sets them. */
export function toLimitWords({ inAll, perUser }: Limits): string {
  const words = [
    inAll > 0 ? `${inAll} ${inAll === 1 ? 'agent runs' : 'agents run'} at once` : 'As many agents run as are asked for',
    ...(perUser > 0 ? [`${perUser} for one user`] : []),
  ];
  return `${words.join(', ')}.`;
}
