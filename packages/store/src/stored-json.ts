import { invariant, parseJson } from '@baton/protocol';

/** JSON text for the store. `undefined` as a whole becomes `null`, because a column needs a text. */
export function toStoredJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/**
 * A text that this store wrote itself, read back as what it was.
 *
 * Trusted, not validated: this is the hot path of every replay. `integrityCheck` validates the same rows against the schemas.
 */
export function readStoredJson<T>(text: string): T {
  const parsed = parseJson(text);
  invariant(parsed.ok, 'a stored text is JSON');
  return parsed.value as T;
}
