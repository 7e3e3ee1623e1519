import { type AgentModel, AppError } from '@baton/protocol';

/** How hard a model can be asked to think, until a running agent says which words it knows. */
const EFFORTS: readonly string[] = ['low', 'medium', 'high', 'xhigh', 'max'];

/** All that any of its models takes. */
export function toEfforts(models: readonly AgentModel[]): readonly string[] {
  return [...new Set([...EFFORTS, ...models.flatMap((model) => model.efforts ?? [])])];
}

/** Throws `invalid-input` for an effort that no model has: the CLI itself takes any word, and ignores those it does not know. */
export function checkEffort(effort: string, models: readonly AgentModel[]): void {
  const known = toEfforts(models);
  if (known.includes(effort)) return;
  throw new AppError('invalid-input', `Cannot use effort "${effort}" with Claude Code: it knows ${known.join(', ')}`);
}
