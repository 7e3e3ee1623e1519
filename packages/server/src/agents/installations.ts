import { AppError, type AgentInstall, type BackendView } from '@baton/protocol';
import type { AgentRegistry, RegisteredAgent } from './agent-registry.ts';
import { type Installation, startInstallation } from './install-agent.ts';

/** At most one installation runs for each program; the last one of each is remembered until the server ends. */
export interface Installations {
  /** Throws `not-found`, `capability-missing`, or `conflict` while one runs. */
  start(id: string, version: 'tested' | 'latest'): AgentInstall;
  /** Throws `not-found` when there was none. */
  find(id: string): Installation;
  /** The last of each program, as of now. */
  list(): AgentInstall[];
  cancel(id: string): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationsOptions {
  registry: AgentRegistry;
  env: Readonly<Record<string, string | undefined>>;
  serverMarker: string;
  /** Has everybody look at the agent anew, and resolves with what is found. */
  look(id: string): Promise<BackendView | undefined>;
}

export function createInstallations({ registry, env, serverMarker, look }: InstallationsOptions): Installations {
  // By folder, which agents with the same program share.
  const last = new Map<string, Installation>();

  function find(id: string): Installation {
    const found = last.get(requireAgent(registry, id).facts.home?.folder ?? '');
    if (found !== undefined) return found;
    throw new AppError('not-found', `Nothing has been installed for the agent "${id}" since the server started`);
  }

  return {
    start(id, version) {
      const { facts, backend } = requireAgent(registry, id);
      const { known, home } = facts;
      if (known === undefined || home === undefined) throw toNoPackage(backend.title);
      if (last.get(home.folder)?.read(0).state === 'running') {
        throw new AppError('conflict', `${backend.title} is being installed already`);
      }
      const probe = async () => (await look(id)) ?? backend.probe();
      const started = startInstallation({ known, home, version, env, serverMarker, probe });
      last.set(home.folder, started);
      return started.read(0);
    },
    find,
    list: () => [...last.values()].map((each) => each.read(0)),
    cancel: (id) => find(id).cancel(),
    async close() {
      await Promise.all([...last.values()].map((each) => each.cancel()));
    },
  };
}

function toNoPackage(title: string): AppError {
  return new AppError(
    'capability-missing',
    `Baton cannot install ${title}: it is not one that comes from npm, or its program was named by a setting`,
  );
}

/** Throws `not-found`. */
export function requireAgent(registry: AgentRegistry, id: string): RegisteredAgent {
  const found = registry.find(id);
  if (found === undefined) throw new AppError('not-found', `There is no agent "${id.slice(0, 64)}"`);
  return found;
}
