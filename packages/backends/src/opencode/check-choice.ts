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
 * that of an address, works in "a b" where "a%20b" was asked for, and tells what it does as of there. One with a backslash in its
 * name, which only Windows has between folders, it does not find.
 */
export function checkFolder(folder: string, platform: NodeJS.Platform = process.platform): void {
  const taken = decode(folder);
  if (taken !== folder) throw toRefusal(folder, `it would take "${taken}" for it`);
  if (platform !== 'win32' && folder.includes('\\'))
    throw toRefusal(folder, 'it finds none with a backslash in its name');
}

function toRefusal(folder: string, why: string): AppError {
  const what = `OpenCode cannot work in "${folder}": ${why}. Rename the folder, or use another agent there`;
  return new AppError('invalid-input', what);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
