import { AppError, isAppError } from '@baton/protocol';

const GONE = new Set(['ENOENT', 'ENOTDIR']);

/** Why a stored conversation cannot be read, for whoever asked for it. */
export function toReadFault(path: string, cause: unknown): AppError {
  if (isAppError(cause)) return cause;
  const code = toErrorCode(cause);
  if (code !== undefined && GONE.has(code)) {
    return new AppError('not-found', `The stored conversation ${path} is gone; its agent may have deleted it`);
  }
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new AppError('invalid-input', `The stored conversation ${path} cannot be read: ${why}`, {}, { cause });
}

export function toErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
