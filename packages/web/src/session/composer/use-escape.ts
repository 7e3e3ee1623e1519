import { useCallback, useEffect, useState } from 'react';

const AGAIN_MS = 1500;

/** Escape, twice in a short time, stops the running turn: one alone is pressed for too many reasons. */
export function useEscape(onInterrupt: () => void, running: boolean): { armed: boolean; press(): void } {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return undefined;
    const timer = setTimeout(() => setArmed(false), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [armed]);
  const press = useCallback(() => {
    if (armed && running) onInterrupt();
    setArmed(!armed && running);
  }, [armed, running, onInterrupt]);
  return { armed: armed && running, press };
}
