import { AppError, isAppError } from '@baton/protocol';
import type { CopiedError } from './history-calls.ts';

/** An error as it can be sent to another thread. */
export function copyError(cause: unknown): CopiedError {
  const error = new Error(cause instanceof Error ? cause.message : String(cause));
  if (cause instanceof Error && cause.stack !== undefined) error.stack = cause.stack;
  return isAppError(cause) ? { kind: cause.kind, details: cause.details, error } : { error };
}

/** The error that was sent. */
export function toSentError({ kind, details = {}, error }: CopiedError): Error {
  return kind === undefined ? error : new AppError(kind, error.message, details, { cause: error });
}
