import { AppError } from '@baton/protocol';
import type { Offer } from './state.ts';

/** Throws `invalid-input` for an agent that OpenCode does not have: it would refuse every prompt. */
export function checkMode(mode: string, { modes }: Offer): void {
  if (modes.some((known) => known.id === mode)) return;
  const names = modes.map((known) => known.id).join(', ');
  throw new AppError('invalid-input', `Cannot use mode "${mode}" with OpenCode: it knows ${names}`);
}

/** Throws `invalid-input` for what cannot name a model. Whether there is such a model the provider may know better than its list. */
export function checkModel(model: string): void {
  if (/^[^/]+\/.+/.test(model)) return;
  throw new AppError('invalid-input', `Cannot use model "${model}" with OpenCode: name it as provider/model`);
}

/**
 * Throws `invalid-input` for a folder that OpenCode takes for another one: it decodes the path of a conversation's folder like
 * that of an address, works in "a b" where "a%20b" was asked for, and tells what it does as of there.
 */
export function checkFolder(folder: string): void {
  const taken = decode(folder);
  if (taken === folder) return;
  throw new AppError(
    'invalid-input',
    `OpenCode cannot work in "${folder}": it would take "${taken}" for it. Rename the folder, or use another agent there`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
