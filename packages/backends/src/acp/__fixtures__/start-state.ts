import { createState } from '../state.ts';

/** A conversation in which nothing was said yet. */
export const startState = createState({
  title: 'Odd',
  cwd: '/w',
  nativeId: 's',
  model: undefined,
  mode: undefined,
  effort: undefined,
});
