import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useConnection } from './baton-provider.tsx';

const AT_ONCE = [0];

/**
 * Asks again for what stands under the key whenever the word changes, and when the line is back after it was gone.
 * `after`: so many milliseconds later each, for what is written down a moment after the word tells of it.
 * Inside a `QueryProvider`; key and times must be the same values at each render.
 */
export function useRefreshOn(queryKey: QueryKey, word: string, after: readonly number[] = AT_ONCE): void {
  const queries = useQueryClient();
  const isOnline = useConnection().status === 'online';
  // What was told while there was no line is told again when it is back.
  const told = `${isOnline ? '' : 'off:'}${word}`;
  const seen = useRef(told);
  useEffect(() => {
    if (seen.current === told || !isOnline) {
      if (!isOnline) seen.current = told;
      return undefined;
    }
    seen.current = told;
    const timers = after.map((ms) => setTimeout(() => void queries.invalidateQueries({ queryKey }), ms));
    return () => timers.forEach((timer) => clearTimeout(timer));
  }, [told, isOnline, after, queries, queryKey]);
}
