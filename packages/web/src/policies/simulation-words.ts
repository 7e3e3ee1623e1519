import type { SimulatedItem } from './use-policies.ts';

export interface SimulationCount {
  readonly allow: number;
  readonly deny: number;
  readonly ask: number;
}

export function countEffects(items: readonly Pick<SimulatedItem, 'effect'>[]): SimulationCount {
  const count = { allow: 0, deny: 0, ask: 0 };
  for (const { effect } of items) count[effect] += 1;
  return count;
}

/** "Of the last 12 approvals, 7 would be allowed, 1 denied and 4 asked". */
export function toSimulationWords(items: readonly Pick<SimulatedItem, 'effect'>[]): string {
  if (items.length === 0) return 'There were no approvals yet to try these rules on.';
  const { allow, deny, ask } = countEffects(items);
  const of = items.length === 1 ? 'Of the last approval' : `Of the last ${items.length} approvals`;
  return `${of}, ${allow} would be allowed, ${deny} denied and ${ask} asked.`;
}

/** How a rule's verdict and a person's answer disagree, in words; undefined when they do not. */
export function toDisagreement({
  effect,
  answered = '',
}: Pick<SimulatedItem, 'effect' | 'answered'>): string | undefined {
  if (effect === 'allow' && answered.startsWith('deny')) return 'was denied';
  if (effect === 'deny' && answered.startsWith('allow')) return 'was allowed';
  return undefined;
}

export const VERDICTS: Record<SimulatedItem['effect'], string> = {
  allow: 'would be allowed',
  ask: 'would be asked',
  deny: 'would be denied',
};
