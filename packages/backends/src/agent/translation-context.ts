import type { Clock } from '@baton/core';
import { createId } from '@baton/protocol';
import type { TranslateContext } from './step.ts';

/** Time and ids for one translation. The time is put into words only for who asks, which streamed text never does. */
export function toTranslationContext(clock: Clock): TranslateContext {
  const at = clock.now();
  return {
    get now() {
      return new Date(at).toISOString();
    },
    createId,
  };
}
