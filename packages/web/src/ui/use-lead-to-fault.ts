import { useEffect, useRef, type RefObject } from 'react';

/**
 * Leads keyboard and eyes to the first field that was refused: on a small screen it may be out of sight, and the button
 * would seem to do nothing. `faults`: a new value whenever something was refused.
 */
export function useLeadToFault<T extends HTMLElement>(faults: object): RefObject<T | null> {
  const form = useRef<T>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  return form;
}
