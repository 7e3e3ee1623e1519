import { AppError, isAppError } from '@baton/protocol';

/** The names of SQLite's errors, as far as something can be done about them. */
const CODES: Readonly<Record<number, 'busy' | 'damaged' | 'closed' | 'unknown'>> = {
  ...{ 5: 'busy', 6: 'busy' },
  ...{ 10: 'damaged', 11: 'damaged', 26: 'damaged' },
  ...{ 3: 'closed', 8: 'closed', 14: 'closed', 23: 'closed' },
};

const TODO = {
  busy: 'Another program holds it: it is tried again every minute, and read as soon as that one lets it go.',
  damaged:
    'It is damaged, or no database. "sqlite3 <file> .recover" may save what is in it; move it away to let OpenCode begin a new one.',
  closed: 'Baton may not open it: let the user that Baton runs as read the file and its folder.',
  unknown: 'Its form is not one that Baton knows, maybe of a newer OpenCode. Bring Baton up to date.',
};

/** Why OpenCode's conversations cannot be listed, for the people who miss them. */
export function toListFault(path: string, error: unknown): AppError {
  const cause = isAppError(error) && error.cause !== undefined ? error.cause : error;
  const why = cause instanceof Error ? cause.message.replace(/[.\s]+$/, '') : String(cause);
  const message = `OpenCode's conversations cannot be read: ${path}: ${why}. ${TODO[toKind(cause)]}`;
  return new AppError('invalid-input', message, {}, { cause: error });
}

function toKind(cause: unknown): keyof typeof TODO {
  if (!(cause instanceof Error)) return 'unknown';
  if ('errcode' in cause && typeof cause.errcode === 'number') return CODES[cause.errcode % 256] ?? 'unknown';
  return 'code' in cause ? 'closed' : 'unknown';
}
