import type { Retention } from '@baton/protocol';

/** The rules as they are typed: empty for a rule that is off. */
export type RetentionDraft = Record<keyof Retention, string>;

export const RETENTION_FIELDS = [
  {
    name: 'archiveAfterDays',
    label: 'Archive quiet sessions after',
    off: 'Never',
    note: 'Never one that works, waits or asks',
  },
  {
    name: 'deleteArchivedAfterDays',
    label: 'Delete archived sessions after',
    off: 'Never',
    note: 'For good, with their checkpoints',
  },
  {
    name: 'keepRawDays',
    label: 'Keep messages that were not understood for',
    off: 'For ever',
    note: 'Then only their place stays',
  },
] as const satisfies readonly { name: keyof Retention; label: string; off: string; note: string }[];

export function toDraft(rules: Retention): RetentionDraft {
  const { archiveAfterDays = '', deleteArchivedAfterDays = '', keepRawDays = '' } = rules;
  return {
    archiveAfterDays: String(archiveAfterDays),
    deleteArchivedAfterDays: String(deleteArchivedAfterDays),
    keepRawDays: String(keepRawDays),
  };
}

/** What is wrong with a field, in words; undefined when it can be saved. */
export function findFieldError(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || (/^\d{1,5}$/.test(trimmed) && Number(trimmed) > 0 && Number(trimmed) <= 36_500))
    return undefined;
  return 'Give a whole number of days, or nothing';
}

/** The rules of a draft without errors. */
export function toRules(draft: RetentionDraft): Retention {
  const entries = Object.entries(draft).filter(([, text]) => text.trim() !== '');
  return Object.fromEntries(entries.map(([name, text]) => [name, Number(text.trim())]));
}
