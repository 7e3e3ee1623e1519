import { AppError, type ErrorKind } from '@baton/protocol';

/** A message certainly did not reach a process: the system took none of it, or not all, so that it cannot have been read. */
export class NotWritten extends AppError {
  constructor(message: string, kind: ErrorKind = 'agent-exited') {
    super(kind, message);
  }
}

export function isNotWritten(error: unknown): boolean {
  return error instanceof NotWritten;
}
