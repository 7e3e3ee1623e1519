import { findFolderDefault, type BackendView, type FolderDefault } from '@baton/protocol';
import { toEfforts } from '../session/effort.ts';
import type { Choice, LastChoices } from './last-choices.ts';

/** Whether a session can start with it now. */
export function canStart(backend: BackendView): boolean {
  return backend.installed && (backend.problem === undefined || backend.rehearsal === true);
}

/** Those that can start first, a rehearsal after real ones, else as the server lists them. */
export function orderBackends(backends: readonly BackendView[]): BackendView[] {
  const rank = (backend: BackendView) => (!canStart(backend) ? 2 : backend.rehearsal === true ? 1 : 0);
  return backends.toSorted((a, b) => rank(a) - rank(b));
}

/** As many as fit above what else is to be chosen, and the chosen one; all of them when few more are left. */
export function toFirstBackends(backends: readonly BackendView[], chosen: string | undefined): readonly BackendView[] {
  if (backends.length <= MOST_AT_FIRST + FEW_MORE) return backends;
  return backends.filter(({ id }, index) => index < MOST_AT_FIRST || id === chosen);
}

const MOST_AT_FIRST = 8;
const FEW_MORE = 4;

/** The remembered agent when it can start, else the first that can. */
export function chooseBackend(backends: readonly BackendView[], last: Choice | undefined): BackendView | undefined {
  const ordered = orderBackends(backends);
  const remembered = ordered.find((backend) => backend.id === last?.backend && canStart(backend));
  return remembered ?? ordered.find(canStart) ?? ordered[0];
}

/** The id under which agents offer to choose themselves. */
export const DEFAULT_ID = 'default';

/**
 * The remembered model or mode while the agent still offers it, or it is not known yet what it offers; else its default. Empty
 * means not to say anything.
 */
export function chooseOffered(offered: readonly { id: string }[] = [], id: string | undefined): string {
  if (offered.length === 0) return id ?? '';
  const found = offered.find((option) => option.id === id) ?? offered.find((option) => option.id === DEFAULT_ID);
  return found?.id ?? '';
}

export interface Offer {
  backend: BackendView | undefined;
  model: string;
  mode: string;
  effort: string;
  /** How hard the chosen model can be asked to think, least first. */
  efforts: readonly string[];
  /** What would stand there, and the agent does not offer any more. */
  gone: readonly string[];
}

/** What stands in the form: what was chosen now, else what was chosen last, as far as the agent still offers it. */
export function toOffer(backends: readonly BackendView[], chosen: Partial<Choice>, last: Choice | undefined): Offer {
  const backend = backends.find(({ id }) => id === chosen.backend) ?? chooseBackend(backends, last);
  const wanted = { ...(last?.backend === backend?.id ? last : {}), ...chosen };
  const model = chooseOffered(backend?.models, wanted.model);
  const mode = chooseOffered(backend?.modes, wanted.mode);
  const efforts = toKnownEfforts(backend, model, wanted.effort);
  const lost = [wanted.model === model ? '' : wanted.model, wanted.mode === mode ? '' : wanted.mode];
  return {
    ...{ backend, model, mode, efforts },
    effort: efforts.find((effort) => effort === wanted.effort) ?? '',
    gone: lost.flatMap((id) => (id === undefined || id === '' ? [] : [id])),
  };
}

// Of an agent that has not told its models only what was chosen is known.
function toKnownEfforts(backend: BackendView | undefined, model: string, wanted = ''): readonly string[] {
  const { models = [] } = backend ?? {};
  if (models.length === 0) return wanted === '' ? [] : [wanted];
  return toEfforts(models, model === '' ? undefined : model);
}

/** What the form begins with in a folder: what was chosen in this very one, else its default, else what was chosen anywhere. */
export function toBeginning(
  folder: string,
  from: { last: Pick<LastChoices, 'of' | 'get'>; defaults: readonly FolderDefault[] },
): Choice | undefined {
  return from.last.of(folder) ?? findFolderDefault(from.defaults, folder) ?? from.last.get(folder);
}
