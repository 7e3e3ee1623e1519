import type { ApprovalOption } from '@baton/protocol';

export const APPROVE_POLICIES = ['ask', 'allow-once', 'deny'] as const;
export type ApprovePolicy = (typeof APPROVE_POLICIES)[number];

/** The offered option that allows with the least consequence. */
export function toAllowing(options: readonly ApprovalOption[]): ApprovalOption | undefined {
  return options.find(({ kind }) => kind === 'allow-once') ?? options.find(({ kind }) => kind === 'allow-always');
}

/** The offered option that denies with the least consequence. */
export function toDenying(options: readonly ApprovalOption[]): ApprovalOption | undefined {
  return options.find(({ kind }) => kind === 'deny-once') ?? options.find(({ kind }) => kind === 'deny-always');
}

/** The option meant by a number, an id, a title or a kind; undefined when it is none of them. */
export function toOption(options: readonly ApprovalOption[], typed: string): ApprovalOption | undefined {
  const text = typed.trim().toLowerCase();
  if (/^\d+$/.test(text)) return options[Number(text) - 1];
  if (text === 'y' || text === 'yes') return toAllowing(options);
  if (text === 'n' || text === 'no') return toDenying(options);
  return options.find(({ id, title, kind }) => [id, title, kind].some((each) => each.toLowerCase() === text));
}
