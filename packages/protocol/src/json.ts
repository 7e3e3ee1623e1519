export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type JsonParsed = { ok: true; value: unknown } | { ok: false; reason: string };

/** Deeper than what any agent or client means, and far less than what ends a program that walks through it, as writing it out does. */
const MAX_DEPTH = 500;

/** The one place that calls `JSON.parse`. Never throws; the caller validates the shape. What is nested absurdly deep is refused. */
export function parseJson(text: string): JsonParsed {
  try {
    const value = JSON.parse(text) as unknown;
    // A level takes two characters at least, so a short text needs no look.
    if (text.length > 2 * MAX_DEPTH && isDeeper(value, MAX_DEPTH))
      return { ok: false, reason: `it is nested more than ${MAX_DEPTH} levels deep` };
    return { ok: true, value };
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(inner, levels - 1)) return true;
  return false;
}

/**
 * JSON on one line for whoever reads lines: U+0085, U+2028 and U+2029 end one for some readers (Node's readline, Python's
 * `splitlines`), so they are written by their numbers, as are the other control characters that JSON lets stand.
 */
export function toJsonLine(value: unknown): string {
  return escapeInJson(JSON.stringify(value));
}

/** The same in JSON that is written already. */
export function escapeInJson(json: string): string {
  return json.replace(
    ENDS_OR_DRIVES,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

const ENDS_OR_DRIVES = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * The same value without halves of characters (lone surrogates), in keys neither: U+FFFD stands for each. JSON can say them and
 * UTF-8 cannot, so that programs and model providers refuse what holds one: a conversation with it would end there.
 */
export function toWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(toWellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), toWellFormed(inner)]));
}
