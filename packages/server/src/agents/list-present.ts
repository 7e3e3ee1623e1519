import { access } from 'node:fs/promises';
import type { Engine } from '@baton/core';
import type { BackendView } from '@baton/protocol';

/** The agents as they were found; one whose program is gone since is looked for again, and is not told as installed. */
export async function listPresent(engine: Pick<Engine, 'listBackends'>, refresh: boolean): Promise<BackendView[]> {
  const views = await engine.listBackends({ refresh });
  const gone = (await Promise.all(views.map(async (view) => ((await isGone(view)) ? [view.id] : [])))).flat();
  if (gone.length === 0) return views;
  // Side by side; the last look has all that is known by then.
  await Promise.all(gone.map((id) => engine.listBackends({ refresh: id })));
  return engine.listBackends();
}

async function isGone({ installed, path }: BackendView): Promise<boolean> {
  if (!installed || path === undefined) return false;
  return access(path).then(
    () => false,
    () => true,
  );
}
