import { useLayoutEffect } from 'react';
import { keyHold } from './key-hold.ts';

/** Stands for a dialog that a click asked for while its code is fetched. */
export function ComingDialog(): null {
  useLayoutEffect(() => keyHold.begin(), []);
  return null;
}
