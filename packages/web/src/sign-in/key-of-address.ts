import { takeKey } from './take-key.ts';

/** The key this page was opened with. Importing this module removes it from the address bar. */
export const key = takeKey(window);
