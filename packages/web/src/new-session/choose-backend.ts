import type { BackendView } from '@baton/protocol';
import type { Choice } from './last-choices.ts';

/** Whether a session can start with it now. */
export function canStart(backend: BackendView): boolean {
  return backend.installed && (backend.problem === undefined || backend.rehearsal === true);
}

/** Those that can start first, a rehearsal after real ones, else as the server lists them. */
export function orderBackends(backends: readonly BackendView[]): BackendView[] {
  const rank = (backend: BackendView) => (!canStart(backend) ? 2 : backend.rehearsal === true ? 1 : 0);
  return backends.toSorted((a, b) => rank(a) - rank(b));
}

/** The remembered agent when it can start, else the first that can. */
export function chooseBackend(backends: readonly BackendView[], last: Choice | undefined): BackendView | undefined {
  const ordered = orderBackends(backends);
  const remembered = ordered.find((backend) => backend.id === last?.backend && canStart(backend));
  return remembered ?? ordered.find(canStart) ?? ordered[0];
}

/** The id under which agents offer to choose themselves. */
export const DEFAULT_ID = 'default';

/** The remembered model or mode while the agent still offers it, else its default; empty means not to say anything. */
export function chooseOffered(offered: readonly { id: string }[] | undefined, id: string | undefined): string {
  const found = offered?.find((option) => option.id === id) ?? offered?.find((option) => option.id === DEFAULT_ID);
  return found?.id ?? '';
}

export interface Offer {
  backend: BackendView | undefined;
  model: string;
  mode: string;
}

/** What stands in the form: what was chosen now, else what was chosen last, as far as the agent still offers it. */
export function toOffer(backends: readonly BackendView[], chosen: Partial<Choice>, last: Choice | undefined): Offer {
  const backend = backends.find(({ id }) => id === chosen.backend) ?? chooseBackend(backends, last);
  const remembered = last?.backend === backend?.id ? last : undefined;
  return {
    backend,
    model: chooseOffered(backend?.models, chosen.model ?? remembered?.model),
    mode: chooseOffered(backend?.modes, chosen.mode ?? remembered?.mode),
  };
}
