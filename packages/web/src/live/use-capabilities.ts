import type { Capability } from '@baton/protocol';
import { useKnownBackends } from './use-backends.ts';

const NONE: ReadonlySet<Capability> = new Set();
const known = new WeakMap<object, ReadonlySet<Capability>>();

/** What an agent can do, by the server's word; nothing until that is known. Inside a `QueryProvider`. */
export function useCapabilities(backend: string): ReadonlySet<Capability> {
  const view = useKnownBackends().data?.find((each) => each.id === backend);
  if (view === undefined) return NONE;
  const set = known.get(view) ?? new Set(view.capabilities);
  known.set(view, set);
  return set;
}

/** Whether images can go with a prompt; assumed until the agent has said that they cannot. Inside a `QueryProvider`. */
export function useTakesImages(backend: string): boolean {
  const view = useKnownBackends().data?.find((each) => each.id === backend);
  return view?.capabilities.includes('images') ?? true;
}
