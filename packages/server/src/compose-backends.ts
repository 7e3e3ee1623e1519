import {
  ACP_PRESETS,
  createAcpBackend,
  createAgentSdkBackend,
  createClaudeBackend,
  createCodexBackend,
  createOpencodeBackend,
  createWorkerBackend,
} from '@baton/backends';
import type { Backend } from '@baton/core';
import { toServerMarker } from '@baton/runner';
import { toAgentHome } from './agents/agent-home.ts';
import { type AgentPlace, type AgentRegistry, type AgentSource, createAgentRegistry } from './agents/agent-registry.ts';
import { KNOWN_AGENTS } from './agents/known-agent.ts';
import { systemClock } from './clock.ts';
import type { LazyRehearsals } from './rehearsal/rehearsal-models.ts';
import type { Settings } from './settings.ts';
import { hasPty } from './terminal/pty.ts';
import { VERSION } from './version.ts';

/** The agents this server knows. Each looks for its program when it is asked, and loads what it needs when a session starts. */
export function createAgents(settings: Settings, rehearsal: LazyRehearsals): AgentRegistry {
  const { env, dataDir } = settings;
  const shared = toShared(settings);
  const worker: AgentSource = {
    ...{ id: 'worker', kind: 'built-in', command: '', isFixed: true },
    create: (place) => withoutCleanUp(createWorkerBackend({ ...shared, env: place.env, version: VERSION, rehearsal })),
  };
  return createAgentRegistry({
    ...{ dataDir, env, known: KNOWN_AGENTS, hasTerminal: hasPty },
    sources: [...toPrograms(settings), worker, ...ACP_PRESETS.map((preset) => toPreset(preset, shared))],
    createConfigured: (definition, place) =>
      withoutCleanUp(createAcpBackend(definition, { ...shared, ...toAcpOptions(place) })),
  });
}

function toPrograms(settings: Settings): AgentSource[] {
  const { claudePath, agentSdkPath, codexPath, opencodePath, warmAgents, dataDir } = settings;
  const shared = toShared(settings);
  // It is installed in one place, also for a rehearsal, which gets a folder of its own for all else.
  const { current: home } = toAgentHome(dataDir, 'agent-sdk');
  const sdk = { folder: agentSdkPath, home, dataDir, executable: claudePath };
  return [
    {
      ...{ id: 'claude', kind: 'built-in', command: 'claude', isFixed: claudePath !== undefined },
      create: ({ env }) => createClaudeBackend({ ...shared, env, executable: claudePath, warmAgents }),
    },
    {
      ...{ id: 'agent-sdk', kind: 'built-in', command: '', isFixed: agentSdkPath !== undefined },
      create: ({ env }) => withoutCleanUp(createAgentSdkBackend({ ...shared, env, ...sdk })),
    },
    {
      ...{ id: 'codex', kind: 'built-in', command: 'codex', isFixed: codexPath !== undefined },
      create: (place) => withoutCleanUp(createCodexBackend({ ...shared, ...place, executable: codexPath })),
    },
    {
      ...{ id: 'opencode', kind: 'built-in', command: 'opencode', isFixed: opencodePath !== undefined },
      create: ({ env }) => withoutCleanUp(createOpencodeBackend({ ...shared, env, executable: opencodePath })),
    },
  ];
}

type Shared = ReturnType<typeof toShared>;

function toShared({ dataDir }: Settings) {
  return { clock: systemClock, serverMarker: toServerMarker(dataDir) };
}

function toPreset(preset: (typeof ACP_PRESETS)[number], shared: Shared): AgentSource {
  return {
    ...{ id: preset.id, kind: 'preset', command: preset.command, icon: preset.icon, isFixed: false },
    create: (place) => withoutCleanUp(createAcpBackend(preset, { ...shared, ...toAcpOptions(place) })),
  };
}

function toAcpOptions({ env, readyMs }: AgentPlace) {
  return { env, ...(readyMs === undefined ? {} : { bounds: { readyMs } }) };
}

// One look for processes of an earlier life serves all, since they carry the same marker.
function withoutCleanUp({ cleanUp: _, ...backend }: Backend): Backend {
  return backend;
}
