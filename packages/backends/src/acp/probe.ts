import { access } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AcpAgentDefinition,
  type AgentMode,
  type AgentModel,
  type BackendView,
  type Capability,
  toAppError,
} from '@baton/protocol';
import { KNOWN, READ_WHERE_STORED } from './known-agents.ts';
import { locateAgent } from './program.ts';
import type { AgentSaid } from '@baton/core';
import type { SessionHooks } from './session.ts';
import type { Initialized } from './wire.ts';

const COMMON: readonly Capability[] = ['approvals', 'interrupt', 'commands', 'reasoning', 'live-model', 'live-mode'];

/** What an agent is known to be: at first what we measured of it, later what it said of itself in a session. */
export interface Memory extends SessionHooks {
  learn(said: AgentSaid): void;
  recall(): {
    version: string | undefined;
    capabilities: Capability[];
    models: readonly AgentModel[];
    modes: readonly AgentMode[];
  };
}

export function createMemory({ id }: AcpAgentDefinition): Memory {
  const known = KNOWN[id];
  let version: string | undefined;
  let said: Capability[] | undefined;
  let { models = [], modes = [] } = known ?? {};
  let hasEfforts = false;
  const learn = (news: AgentSaid) => {
    version = news.version;
    said = [...news.capabilities];
  };
  return {
    learn,
    onInitialized(initialized) {
      const news = toSaid(id, initialized);
      learn(news);
      return news;
    },
    onOffer({ offer }) {
      if (offer.models.length > 0) models = offer.models;
      if (offer.modes.length > 0) modes = offer.modes;
      hasEfforts ||= offer.models.some(({ efforts }) => efforts !== undefined);
    },
    recall() {
      const measured = known?.capabilities ?? ['questions', 'images', 'resume', 'list'];
      const own = said === undefined ? measured : [...said, ...measured.filter((each) => !TOLD.has(each))];
      const all = new Set([...COMMON, ...own, ...(hasEfforts ? (['live-effort'] as const) : [])]);
      return { version, capabilities: [...all], models, modes };
    },
  };
}

function toSaid(id: string, { agentCapabilities: can, agentInfo, _meta: meta }: Initialized): AgentSaid {
  const { resume, fork, list } = can?.sessionCapabilities ?? {};
  const told: Partial<Record<Capability, boolean>> = {
    images: can?.promptCapabilities?.image === true,
    resume: resume != null || can?.loadSession === true,
    fork: fork != null,
    steer: meta?.steering?.supported === true,
    list: list != null && !READ_WHERE_STORED.has(id),
  };
  const capabilities = [...TOLD].filter((capability) => told[capability] === true);
  return { version: agentInfo?.version ?? undefined, capabilities };
}

// What an agent tells in its handshake, so that its word counts and not what we remember.
const TOLD: ReadonlySet<Capability> = new Set(['images', 'resume', 'fork', 'steer', 'list']);

/** Looks for the program, and runs nothing: several agents take seconds to start. Never throws. */
export async function probeAgent(
  definition: AcpAgentDefinition,
  env: Readonly<Record<string, string>>,
  memory: Memory,
): Promise<BackendView> {
  const { id, title } = definition;
  const { version: told, capabilities, models, modes } = memory.recall();
  const base = { id, title, capabilities, models: [...models], modes: [...modes] };
  try {
    const located = await locateAgent(definition, env);
    const version = told ?? located.version;
    const authenticated = await readAuthentication(id, env);
    return {
      ...base,
      installed: true,
      ...(version === undefined ? {} : { version }),
      path: located.path,
      authenticated,
    };
  } catch (error) {
    return { ...base, installed: false, authenticated: 'unknown', problem: toAppError(error).message };
  }
}

// Only a session can tell for certain; a key or the agent's own file of credentials is a good sign.
async function readAuthentication(
  id: string,
  env: Readonly<Record<string, string>>,
): Promise<BackendView['authenticated']> {
  const { keys = [], credentials = [] } = KNOWN[id] ?? {};
  if (keys.some((name) => (env[name] ?? '') !== '')) return 'yes';
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const found = await Promise.all(
    credentials.map((file) =>
      access(join(home, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true) ? 'yes' : 'unknown';
}
