import { join } from 'node:path';
import { AppError } from '@baton/protocol';

/** The file a ref names, and never one outside of the root: refs come back from callers. */
export function toRefPath(root: string, ref: string): string {
  const steps = ref.split('/');
  const isSafe = steps.every((step) => step !== '' && step !== '.' && step !== '..' && !/[\\\0]/.test(step));
  if (!isSafe) throw new AppError('not-found', `There is no stored conversation "${ref.slice(0, 200)}"`);
  return join(root, ...steps);
}
