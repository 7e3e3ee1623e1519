import { useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => matchMedia(query).matches,
  );
}

/** Room for the rail beside the page: 768 px and more. */
export function useIsWide(): boolean {
  return useMedia('(width >= 48rem)');
}

/** Operated by fingers in the first place: nobody has keys at hand. */
export function useIsCoarse(): boolean {
  return useMedia('(pointer: coarse)');
}

/** Room for a drawer beside the conversation as well. */
export const VERY_WIDE = '(width >= 68rem)';
