import { parseJson, policiesViewSchema, type PolicyRule } from '@baton/protocol';
import { createValueStore } from '../live/value-store.ts';
import { createKeptTexts } from '../ui/kept-texts.ts';

export interface UnsavedRules {
  readonly rules: readonly PolicyRule[];
  /** That of the rules which were changed. */
  readonly revision: string;
}

const kept = createKeptTexts('rules');
const ID = 'unsaved';

/** Rules that are not saved yet; they outlive a look at another page, and a page that a phone put away. */
export const unsavedStore = createValueStore(readUnsaved(kept.get(ID)), (unsaved) =>
  kept.set(ID, writeUnsaved(unsaved)),
);

export function writeUnsaved(unsaved: UnsavedRules | undefined): string {
  return unsaved === undefined ? '' : JSON.stringify(unsaved);
}

/** What `writeUnsaved` wrote; nothing of what another version of the page wrote otherwise. */
export function readUnsaved(text: string): UnsavedRules | undefined {
  const parsed = parseJson(text);
  const unsaved = policiesViewSchema.safeParse(parsed.ok ? parsed.value : undefined);
  return unsaved.success ? unsaved.data : undefined;
}
