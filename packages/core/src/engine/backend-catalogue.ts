import { AppError, type BackendView, type Capability } from '@baton/protocol';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import type { AgentSaid } from '../ports/conversation-keeper.ts';

/** A probe starts programs; what it found is good for this long. */
const FRESH_MS = 60_000;

export interface BackendCatalogue {
  /** `refresh`: look anew, for all or for one. */
  list(refresh: boolean | string): Promise<BackendView[]>;
  /** Takes what the agent said of itself. */
  learn(id: string, said: AgentSaid): void;
  /** The backend's view, or an `AppError` that says why no session can start on it. */
  requireStartable(id: string): Promise<BackendView>;
  /** An `AppError` that says what the agent cannot do. */
  requireCapability(id: string, capability: Capability): Promise<void>;
  requireMode(backend: BackendView, mode: string | undefined): void;
}

/** Enough to find a name that was mistyped; more of them would hide what is wrong. */
const MOST_NAMED = 20;

function toUnknown(id: string, backends: readonly Backend[]): AppError {
  const named = backends.slice(0, MOST_NAMED).map((each) => `"${each.id}"`);
  const more = backends.length - named.length;
  const known = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const message = `There is no backend "${id}": this server has ${known}`;
  return new AppError('invalid-input', message, { issues: [{ path: 'backend', message }] });
}

const ABILITIES: Partial<Record<Capability, string>> = {
  fork: 'branch its conversation',
  list: 'tell which conversations it keeps',
  rewind: 'go back to an earlier turn of its conversation',
  steer: 'take a message in the middle of a turn',
};

export function createBackendCatalogue(list: () => readonly Backend[], clock: Clock): BackendCatalogue {
  // By value: a backend that was configured anew is looked for anew.
  const probed = new WeakMap<Backend, { at: number; view: Promise<BackendView> }>();

  function probe(backend: Backend, refresh: boolean): Promise<BackendView> {
    const known = probed.get(backend);
    if (known !== undefined && !refresh && clock.now() - known.at < FRESH_MS) return known.view;
    const view = backend.probe();
    probed.set(backend, { at: clock.now(), view });
    return view;
  }

  function find(id: string): Backend | undefined {
    return list().find((each) => each.id === id);
  }

  async function requireCapability(id: string, capability: Capability): Promise<void> {
    const backend = find(id);
    if (backend === undefined) throw new AppError('backend-not-installed', `The backend "${id}" is not there any more`);
    // What it can do is as old as its program: a look that takes seconds would hold up what is asked of a session.
    const view = await (probed.get(backend)?.view ?? probe(backend, false));
    if (view.capabilities.includes(capability)) return;
    throw new AppError('capability-missing', `${backend.title} cannot ${ABILITIES[capability] ?? capability}`);
  }

  async function requireStartable(id: string): Promise<BackendView> {
    const backend = find(id);
    if (backend === undefined) throw toUnknown(id, list());
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
    list: (refresh) => Promise.all(list().map((backend) => probe(backend, refresh === true || refresh === backend.id))),
    learn(id, said) {
      const backend = find(id);
      if (backend?.learn === undefined) return;
      backend.learn(said);
      probed.delete(backend);
    },
    requireStartable,
    requireCapability,
    requireMode,
  };
}
