import type { ConnectionState } from '@baton/client';

export type ConnectionTone = 'online' | 'trying' | 'offline';

/** The truth about the line in a word or two. */
export function toConnectionWords(state: ConnectionState): { tone: ConnectionTone; words: string } {
  switch (state.status) {
    case 'online':
      return { tone: 'online', words: 'Connected' };
    case 'connecting':
      return { tone: 'trying', words: 'Connecting' };
    case 'offline':
      return { tone: 'offline', words: 'Not connected' };
    case 'unauthenticated':
      return { tone: 'offline', words: 'Signed out' };
    case 'closed':
      return { tone: 'offline', words: 'Closed' };
  }
}

/** "Next try in 4 s", while a next try is set. */
export function toRetryWords(state: ConnectionState, now: number): string | undefined {
  if (state.status === 'connecting') return 'Trying now';
  if (state.status !== 'offline') return undefined;
  const seconds = Math.ceil((state.retryAt - now) / 1000);
  return seconds > 0 ? `Next try in ${seconds} s` : 'Trying now';
}
