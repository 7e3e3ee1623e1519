import type { BackendView } from '@baton/protocol';
import { createAgents } from '../compose-backends.ts';
import { toOwnMarker } from '../runner/to-runner-marker.ts';
import { createRehearsals } from '../rehearsal/rehearsal-models.ts';
import type { Settings } from '../settings.ts';

export interface AgentsFound {
  items: BackendView[];
  /** What is wrong in the settings file of agents, and where. */
  problem?: string;
}

/** What a server with these settings would find of its agents; for a look without one. Changes nothing. */
export async function lookAtAgents(settings: Settings): Promise<AgentsFound> {
  const rehearsals = createRehearsals();
  const registry = createAgents(settings, { rehearsal: rehearsals, serverMarker: toOwnMarker(settings.dataDir) });
  try {
    const items = await Promise.all(registry.list().map((backend) => backend.probe()));
    const { problem } = registry.settings.read();
    return { items, ...(problem === undefined ? {} : { problem }) };
  } finally {
    await registry.close();
    await rehearsals.close();
  }
}
