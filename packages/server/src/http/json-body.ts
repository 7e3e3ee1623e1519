import { AppError, parseJson, toWellFormed } from '@baton/protocol';

/**
 * JSON from outside, without halves of characters, which no agent takes. Throws `invalid-input` for what is not JSON and for keys
 * that reach for an object's prototype.
 */
export function readJson(text: string, what: string): unknown {
  const parsed = parseJson(text);
  if (!parsed.ok)
    throw new AppError('invalid-input', `Cannot read ${what}: it is not JSON (${toShort(parsed.reason)})`);
  if (MAY_HOLD_PROTOTYPE_KEY.test(text)) checkKeys(parsed.value, what);
  return MAY_HOLD_HALF.test(text) ? toWellFormed(parsed.value) : parsed.value;
}

// Whole text holds half a character only where it is written as its number.
const MAY_HOLD_HALF = /\\ud[89a-f]/i;

// Cheap filter over the text, escapes included, so that the walk is made for almost no message.
const MAY_HOLD_PROTOTYPE_KEY = /"__proto__"|"constructor"|\\u00/i;

function checkKeys(root: unknown, what: string): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isPrototypeReach(value)) {
      throw new AppError('invalid-input', `Cannot read ${what}: keys such as "__proto__" are not allowed`);
    }
    open.push(...Object.values(value));
  }
}

function isPrototypeReach(value: object): boolean {
  if (Object.hasOwn(value, '__proto__')) return true;
  if (!Object.hasOwn(value, 'constructor') || !('constructor' in value)) return false;
  const inner: unknown = value.constructor;
  return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype');
}

// The engine's message quotes the text it could not read, which may be long or secret.
function toShort(reason: string): string {
  return reason.replace(/,? ?(?:\.\.\.)?"[\s\S]*$/, '').slice(0, 120);
}
