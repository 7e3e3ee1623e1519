import type { BackendView, FolderDefault } from '@baton/protocol';
import { toEffortWords } from '../session/effort.ts';

/** What a folder's default chooses, and why it does not all hold; `backend` is the agent it names, if there is one. Pure. */
export function toDefaultWords(
  item: FolderDefault,
  backend: BackendView | undefined,
): { words: string; problem?: string } {
  const { model, mode, effort } = item;
  const { models = [], modes = [] } = backend ?? {};
  const words = [
    backend?.title ?? item.backend,
    toTitle(models, model),
    effort === undefined ? undefined : toEffortWords(effort),
    toTitle(modes, mode),
  ].filter((part) => part !== undefined);
  const problem = toProblem(item, backend);
  return { words: words.join(' · '), ...(problem === undefined ? {} : { problem }) };
}

function toProblem(item: FolderDefault, backend: BackendView | undefined): string | undefined {
  if (backend === undefined) return `There is no agent “${item.backend}” any more.`;
  const gone = [...toGone(backend.models, item.model), ...toGone(backend.modes, item.mode)];
  if (gone.length === 0) return undefined;
  return `${backend.title} does not offer ${gone.map((id) => `“${id}”`).join(' and ')} any more.`;
}

type Offered = readonly { id: string; title: string }[];

const toTitle = (offered: Offered, id: string | undefined) => offered.find((each) => each.id === id)?.title ?? id;

// An agent that has offered nothing yet may have it.
function toGone(offered: Offered, id: string | undefined): string[] {
  const isThere = id === undefined || offered.length === 0 || offered.some((each) => each.id === id);
  return isThere ? [] : [id];
}
