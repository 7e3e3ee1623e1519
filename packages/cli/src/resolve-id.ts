import { AppError } from '@baton/protocol';

/** The one thing whose id is, begins with or ends with what was typed. Rejects when there is none or more than one. */
export function resolveId<T extends { id: string }>(what: string, typed: string, items: readonly T[]): T {
  const exact = items.find(({ id }) => id === typed);
  if (exact !== undefined) return exact;
  const bare = typed.replace(/…/g, '');
  const matching = items.filter(({ id }) => bare !== '' && (id.startsWith(bare) || id.endsWith(bare)));
  const [only] = matching;
  if (only === undefined) throw new AppError('not-found', `There is no ${what} "${typed}"`);
  if (matching.length === 1) return only;
  const few = matching.slice(0, 5).map(({ id }) => id);
  throw new AppError('invalid-input', `"${typed}" could be ${matching.length} ${what}s: ${few.join(', ')} …`);
}
