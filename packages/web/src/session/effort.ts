import type { AgentModel } from '@baton/protocol';

/** How hard the session's model can be asked to think, least first; empty when there is no such choice. */
export function toEfforts(models: readonly AgentModel[], model: string | undefined): readonly string[] {
  // Without a choice of its own a session runs what its agent calls the default, or the first it names.
  const current = models.find(({ id }) => id === (model ?? 'default')) ?? (model === undefined ? models[0] : undefined);
  return current?.efforts ?? [];
}

/** `high` reads "High effort" where it stands alone. */
export function toEffortWords(effort: string): string {
  return `${toEffortTitle(effort)} effort`;
}

/** `xhigh` is one of the agents' own words, and the only one that is not one. */
export function toEffortTitle(effort: string): string {
  const words = effort === 'xhigh' ? 'extra high' : effort.replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
