import { AppError, type BackendView } from '@baton/protocol';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';

/** A probe starts programs; what it found is good for this long. */
const FRESH_MS = 60_000;

export interface BackendCatalogue {
  list(refresh: boolean): Promise<BackendView[]>;
  /** The backend's view, or an `AppError` that says why no session can start on it. */
  requireStartable(id: string): Promise<BackendView>;
  requireMode(backend: BackendView, mode: string | undefined): void;
}

export function createBackendCatalogue(backends: readonly Backend[], clock: Clock): BackendCatalogue {
  const probed = new Map<string, { at: number; view: Promise<BackendView> }>();

  function probe(backend: Backend, refresh: boolean): Promise<BackendView> {
    const known = probed.get(backend.id);
    if (known !== undefined && !refresh && clock.now() - known.at < FRESH_MS) return known.view;
    const view = backend.probe();
    probed.set(backend.id, { at: clock.now(), view });
    return view;
  }

  async function requireStartable(id: string): Promise<BackendView> {
    const backend = backends.find((each) => each.id === id);
    if (backend === undefined) {
      const known = backends.map((each) => `"${each.id}"`).join(', ');
      throw new AppError('invalid-input', `There is no backend "${id}": this server has ${known}`);
    }
    const view = await probe(backend, false);
    if (view.installed) return view;
    // It may have been installed since it was looked for.
    const again = await probe(backend, true);
    if (again.installed) return again;
    const problem = again.problem ?? `${backend.title} is not installed`;
    throw new AppError('backend-not-installed', `Cannot start a session on "${id}": ${problem}`);
  }

  function requireMode(backend: BackendView, mode: string | undefined): void {
    if (mode === undefined || backend.modes.length === 0 || backend.modes.some((each) => each.id === mode)) return;
    const known = backend.modes.map((each) => `"${each.id}"`).join(', ');
    throw new AppError('invalid-input', `${backend.title} has no mode "${mode}": it has ${known}`);
  }

  return {
    list: (refresh) => Promise.all(backends.map((backend) => probe(backend, refresh))),
    requireStartable,
    requireMode,
  };
}
