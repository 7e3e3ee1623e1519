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
