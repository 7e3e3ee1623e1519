import type { Capability } from '@baton/protocol';

export interface BranchActions {
  readonly fork: boolean;
  readonly goBack: boolean;
}

/**
 * What can be done from the end of a turn. An agent that can `fork` branches at the end of its conversation; one that can
 * `rewind` at the end of any turn. There is nothing to go back to at the last turn: it is where the conversation stands.
 */
export function toBranchActions(capabilities: ReadonlySet<Capability>, isLast: boolean): BranchActions {
  const canRewind = capabilities.has('rewind');
  return { fork: capabilities.has('fork') && (isLast || canRewind), goBack: canRewind && !isLast };
}
