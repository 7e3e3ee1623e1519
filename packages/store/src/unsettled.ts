import type { SessionStateName } from '@baton/protocol';

/** States in which a process or a turn was alive when the view was stored. */
export const UNSETTLED_STATES = ['idle', 'starting', 'running', 'waiting'] as const satisfies SessionStateName[];

export function isUnsettled(state: string): boolean {
  return UNSETTLED_STATES.some((unsettled) => unsettled === state);
}
