import { isAppError } from '@baton/protocol';

/** Why a command had no effect, for the person who gave it. */
export function toFailureWords(error: unknown, otherwise: string): string {
  return isAppError(error) ? error.message : `${otherwise}. Try again.`;
}
