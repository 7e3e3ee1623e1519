import { parseJson } from '@baton/protocol';

export type SchemaRead =
  | { readonly ok: true; readonly schema: Record<string, unknown> | undefined }
  | { readonly ok: false; readonly problem: string };

/** The JSON Schema that was typed; nothing typed is none. Says in words what is wrong with any other text. */
export function readSchema(text: string): SchemaRead {
  if (text.trim() === '') return { ok: true, schema: undefined };
  const parsed = parseJson(text);
  if (!parsed.ok) return { ok: false, problem: 'This is not JSON. Check quotes, commas and brackets.' };
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problem: 'A JSON Schema is an object, such as {"type": "object", "properties": {}}.' };
  }
  return { ok: true, schema: { ...value } };
}
