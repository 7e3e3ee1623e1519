import {
  ACP_PRESETS,
  createAcpBackend,
  createAgentSdkBackend,
  createClaudeBackend,
  createCodexBackend,
  createOpencodeBackend,
  createWorkerBackend,
} from '@baton/backends';
import type { Clock } from '@baton/core';
import { toAgentHome } from './agents/agent-home.ts';
import { type AgentPlace, type AgentRegistry, type AgentSource, createAgentRegistry } from './agents/agent-registry.ts';
import { KNOWN_AGENTS } from './agents/known-agent.ts';
import { systemClock } from './clock.ts';
import type { LazyRehearsals } from './rehearsal/rehearsal-models.ts';
import type { AgentSettings } from './runner/runner-settings.ts';
import { hasPty } from './terminal/pty.ts';
import { VERSION } from './version.ts';

interface AgentParts {
  rehearsal: LazyRehearsals;
  /** Carried by every process that an agent starts. */
  serverMarker: string;
}

/** The agents this server knows. Each looks for its program when it is asked, and loads what it needs when a session starts. */
export function createAgents(settings: AgentSettings, { rehearsal, serverMarker }: AgentParts): AgentRegistry {
  const { env, dataDir } = settings;
  const shared = { clock: systemClock, serverMarker };
  const worker: AgentSource = {
    ...{ id: 'worker', kind: 'built-in', command: '', isFixed: true },
    create: (place) => createWorkerBackend({ ...shared, env: place.env, version: VERSION, rehearsal }),
  };
  return createAgentRegistry({
    ...{ dataDir, env, known: KNOWN_AGENTS, hasTerminal: hasPty },
    sources: [
      ...toPrograms(settings, shared),
      worker,
      ...ACP_PRESETS.map((preset) => toPreset(preset, { ...shared, warmAgents: settings.warmAgents })),
    ],
    createConfigured: (definition, place) => createAcpBackend(definition, { ...shared, ...toAcpOptions(place) }),
  });
}

function toPrograms(settings: AgentSettings, shared: Shared): AgentSource[] {
  const { claudePath, agentSdkPath, codexPath, opencodePath, warmAgents, dataDir } = settings;
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
      create: ({ env }) => createAgentSdkBackend({ ...shared, env, ...sdk }),
    },
    {
      ...{ id: 'codex', kind: 'built-in', command: 'codex', isFixed: codexPath !== undefined },
      create: (place) => createCodexBackend({ ...shared, ...place, executable: codexPath }),
    },
    {
      ...{ id: 'opencode', kind: 'built-in', command: 'opencode', isFixed: opencodePath !== undefined },
      create: ({ env }) => createOpencodeBackend({ ...shared, env, executable: opencodePath }),
    },
  ];
}

interface Shared {
  clock: Clock;
  serverMarker: string;
}

function toPreset(preset: (typeof ACP_PRESETS)[number], shared: Shared & { warmAgents: number }): AgentSource {
  return {
    ...{ id: preset.id, kind: 'preset', command: preset.command, icon: preset.icon, isFixed: false },
    create: (place) => createAcpBackend(preset, { ...shared, ...toAcpOptions(place) }),
  };
}

function toAcpOptions({ env, readyMs }: AgentPlace) {
  return { env, ...(readyMs === undefined ? {} : { bounds: { readyMs } }) };
}
