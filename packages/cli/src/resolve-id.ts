import { AppError } from '@baton/protocol';

/** What somebody typed the id of. */
export interface Kind {
  name: string;
  /** The command that shows those there are, or themselves. */
  listedBy?: string;
}

/** The one thing whose id is, begins with or ends with what was typed. Throws when there is none or more than one. */
export function resolveId<T extends { id: string }>({ name, listedBy }: Kind, typed: string, items: readonly T[]): T {
  const exact = items.find(({ id }) => id === typed);
  if (exact !== undefined) return exact;
  const bare = typed.replace(/…/g, '');
  const matching = items.filter(({ id }) => bare !== '' && (id.startsWith(bare) || id.endsWith(bare)));
  const [only] = matching;
  if (only === undefined) {
    const hint = listedBy === undefined ? '' : `. Those there are: ${listedBy}`;
    throw new AppError('not-found', `There is no ${name} "${typed}"${hint}`);
  }
  if (matching.length === 1) return only;
  const few = matching.slice(0, 5).map(({ id }) => id);
  throw new AppError('invalid-input', `"${typed}" could be ${matching.length} ${name}s: ${few.join(', ')} …`);
}
