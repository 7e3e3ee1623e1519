import type { Clock, Engine } from '@baton/core';
import type { Authority } from '../auth/authority.ts';
import { createAgentHandlers } from '../http/agents.ts';
import type { Gate } from '../http/gate.ts';
import type { Log } from '../log/log.ts';
import { toOwnMarker } from '../runner/to-runner-marker.ts';
import type { Settings } from '../settings.ts';
import { createTerminals, type Terminals } from '../terminal/terminals.ts';
import type { AgentRegistry } from './agent-registry.ts';
import { lookUpVersion } from './look-up-version.ts';
import { createNewestVersions, type NewestVersions, noNewestVersions } from './newest-versions.ts';
import { createInstallations } from './installations.ts';

export interface AgentWorksParts {
  engine: Engine;
  registry: AgentRegistry;
  settings: Settings;
  gate: Gate;
  authority: Authority;
  clock: Clock;
  log: Log;
  isStopping(): boolean;
}

/** What can be done about agents beside talking to them: configure, install, test, sign in. */
export interface AgentWorks {
  handlers: ReturnType<typeof createAgentHandlers>;
  terminals: Terminals;
  newest: NewestVersions;
  /** Ends installations, terminals and streams. */
  close(): Promise<void>;
}

export function createAgentWorks(parts: AgentWorksParts): AgentWorks {
  const { engine, registry, settings } = parts;
  const streams = new Set<{ end(): void }>();
  const serverMarker = toOwnMarker(settings.dataDir);
  // Everything is looked at anew: what one agent's installation changes may change another.
  const look = async (id: string) => (await engine.listBackends({ refresh: true })).find((view) => view.id === id);
  const installations = createInstallations({ registry, env: settings.env, serverMarker, look });
  const terminals = createTerminals({ ...parts, serverMarker, look });
  const lookUp = (name: string) => lookUpVersion(name, { env: settings.env, serverMarker, cwd: settings.dataDir });
  const newest = settings.checksUpdates ? createNewestVersions({ clock: parts.clock, look: lookUp }) : noNewestVersions;
  return {
    handlers: createAgentHandlers({
      ...{ registry, installations, streams, leases: parts.authority.leases },
      maxStreams: settings.limits.maxStreams,
    }),
    terminals,
    newest,
    async close() {
      newest.close();
      for (const stream of streams) stream.end();
      await Promise.all([terminals.close(), installations.close()]);
    },
  };
}
