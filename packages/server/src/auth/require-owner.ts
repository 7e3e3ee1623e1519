import { AppError } from '@baton/protocol';
import { type Identity, OWNER } from './authority.ts';

/** What changes the server's own machine is for its owner alone. Throws `forbidden`. */
export function requireOwner({ user }: Identity): void {
  if (user.role === OWNER.role) return;
  throw new AppError('forbidden', 'Only the owner of this server may do that');
}
