/** What the client needs to know of its surroundings. */
export interface Environment {
  /** Calls back when the line may have changed: the network came or went, the page is seen again, the tab came out of the cache. */
  onWake(listener: () => void): () => void;
}

const QUIET: Environment = { onWake: () => () => {} };

/** The browser's events; in Node, where there are none, an environment that never wakes anybody. */
export function readEnvironment(): Environment {
  if (typeof window === 'undefined' || typeof document === 'undefined') return QUIET;
  return {
    onWake(listener) {
      const seen = () => {
        if (document.visibilityState === 'visible') listener();
      };
      const names = ['online', 'offline', 'pageshow', 'focus'] as const;
      for (const name of names) window.addEventListener(name, listener);
      document.addEventListener('visibilitychange', seen);
      return () => {
        for (const name of names) window.removeEventListener(name, listener);
        document.removeEventListener('visibilitychange', seen);
      };
    },
  };
}
