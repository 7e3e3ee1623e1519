import type { Backend } from '@baton/core';
import { ACP_PRESETS, createAcpBackend, createClaudeBackend, createWorkerBackend } from '@baton/backends';
import { toServerMarker } from '@baton/runner';
import { systemClock } from './clock.ts';
import type { LazyRehearsals } from './rehearsal/rehearsal-models.ts';
import type { Settings } from './settings.ts';
import { VERSION } from './version.ts';

/** The agents this server knows. Each looks for its program when it is asked, and loads what it needs when a session starts. */
export function createBackends(settings: Settings, rehearsal: LazyRehearsals): Backend[] {
  const { env, claudePath, dataDir } = settings;
  const shared = { env, clock: systemClock, serverMarker: toServerMarker(dataDir) };
  // One look for processes of an earlier life serves all, since they carry the same marker.
  const { cleanUp: _, ...worker } = createWorkerBackend({ ...shared, version: VERSION, rehearsal });
  const overAcp = ACP_PRESETS.map((preset) => {
    const { cleanUp: __, ...agent } = createAcpBackend(preset, shared);
    return agent;
  });
  return [createClaudeBackend({ ...shared, executable: claudePath }), worker, ...overAcp];
}
