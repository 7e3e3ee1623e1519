export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonParsed = { ok: true; value: unknown } | { ok: false; reason: string };

/** The one place that calls `JSON.parse`. Never throws; the caller validates the shape. */
export function parseJson(text: string): JsonParsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}
