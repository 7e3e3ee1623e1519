import { createValueStore } from '../live/value-store.ts';

/** Which stored conversations are shown. */
export interface FoundFilters {
  backend?: string | undefined;
  /** Exactly this folder. */
  cwd?: string | undefined;
  /** Words of the title or the folder. */
  q: string;
}

export const NO_FOUND_FILTERS: FoundFilters = { q: '' };

/** Kept while the page is open, so that going back shows what was shown. */
export const foundFilters = createValueStore<FoundFilters>(NO_FOUND_FILTERS);

export function isFoundFiltered({ backend, cwd, q }: FoundFilters): boolean {
  return backend !== undefined || cwd !== undefined || q.trim() !== '';
}
