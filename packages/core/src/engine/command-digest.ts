import type { Command } from '@baton/protocol';

/** What a command says, in few bytes: equal for equal commands, whatever the order of their fields. */
export async function toCommandDigest(command: Command): Promise<string> {
  const bytes = new TextEncoder().encode(toCanonicalText(command));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function toCanonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (isPlain(each) ? toSorted(each) : each));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toSorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
