import type { Backend } from '@baton/core';
import type { AcpAgentDefinition, ConfiguredAgent } from '@baton/protocol';
import { toAgentHome, withAgentHome } from './agent-home.ts';
import { type AgentSettingsFile, openAgentSettings } from './agent-settings.ts';
import { type AgentFacts, describeAgent } from './describe-agent.ts';
import type { KnownAgent } from './known-agent.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** An agent that is there without configuration. `create` may be called more than once: a rehearsal gets one of its own. */
export interface AgentSource {
  id: string;
  kind: 'built-in' | 'preset';
  /** What is looked for, as a name or a path. */
  command: string;
  icon?: string | undefined;
  /** Whether the owner named the program, so that what Baton installs would not be used. */
  isFixed: boolean;
  create(place: AgentPlace): Backend;
}

/** Where an agent lives: a rehearsal gives it another environment and another folder for what it keeps. */
export interface AgentPlace {
  env: Env;
  dataDir: string;
  /** How long its first word may take; absent: what the backend itself allows. */
  readyMs?: number;
}

export interface AgentSources {
  sources: readonly AgentSource[];
  known: readonly KnownAgent[];
  createConfigured(definition: AcpAgentDefinition, place: AgentPlace): Backend;
}

/** One agent as the server has it now. */
export interface RegisteredAgent {
  backend: Backend;
  facts: AgentFacts;
  /** The same agent elsewhere; whoever makes one closes it. */
  create(place: AgentPlace): Backend;
}

/** The agents there are: built in, presets, and what the settings file says at the moment. */
export interface AgentRegistry {
  readonly settings: AgentSettingsFile;
  /** The same value for the same agent, until its configuration changes. */
  list(): readonly Backend[];
  find(id: string): RegisteredAgent | undefined;
  /** Closes what was replaced or removed while the server ran; what is listed is closed by the engine. */
  close(): Promise<void>;
}

export interface RegistryOptions extends AgentSources {
  dataDir: string;
  env: Env;
  hasTerminal(): Promise<boolean>;
}

export function createAgentRegistry(options: RegistryOptions): AgentRegistry {
  const { sources, env } = options;
  const settings = openAgentSettings(options.dataDir, new Set(sources.map(({ id }) => id)));
  const fixed = sources.map((source) => toFixed(source, options));
  const added = new Map<string, { text: string; agent: RegisteredAgent }>();
  const retired: Backend[] = [];
  let read: { from: unknown; agents: readonly RegisteredAgent[]; backends: readonly Backend[] } | undefined;

  function toAdded(definition: ConfiguredAgent): RegisteredAgent {
    const text = JSON.stringify(definition);
    const before = added.get(definition.id);
    if (before?.text === text) return before.agent;
    if (before !== undefined) retired.push(before.agent.backend);
    const agent = toConfigured(definition, options);
    added.set(definition.id, { text, agent });
    return agent;
  }

  function look() {
    const now = settings.read();
    if (read?.from === now) return read;
    const agents = [...fixed, ...now.agents.map(toAdded)];
    for (const [id, { agent }] of added) {
      if (now.agents.some((each) => each.id === id)) continue;
      retired.push(agent.backend);
      added.delete(id);
    }
    read = { from: now, agents, backends: agents.map(({ backend }) => backend) };
    return read;
  }

  return {
    settings,
    list: () => look().backends,
    find: (id) => look().agents.find(({ backend }) => backend.id === id),
    async close() {
      await Promise.all(retired.splice(0).map(async (backend) => backend.close?.()));
    },
  };

  function toFixed(source: AgentSource, { dataDir, known, hasTerminal }: RegistryOptions): RegisteredAgent {
    const facts = known.find(({ id }) => id === source.id);
    const home =
      facts?.npm === undefined || source.isFixed ? undefined : toAgentHome(dataDir, facts.installedAs ?? source.id);
    const own = home === undefined ? env : withAgentHome(env, home);
    const { kind, icon, command } = source;
    return toAgent((place) => source.create(place), dataDir, {
      kind,
      known: facts,
      home,
      icon,
      command,
      env: own,
      hasTerminal,
    });
  }
}

function toConfigured(definition: ConfiguredAgent, options: RegistryOptions): RegisteredAgent {
  const { icon, ...acp } = definition;
  return toAgent((place) => options.createConfigured(acp, place), options.dataDir, {
    ...{ kind: 'configured', known: undefined, home: undefined, icon, command: acp.command },
    ...{ env: options.env, hasTerminal: options.hasTerminal },
  });
}

function toAgent(create: RegisteredAgent['create'], dataDir: string, facts: AgentFacts): RegisteredAgent {
  return { backend: withDescription(create({ env: facts.env, dataDir }), facts), facts, create };
}

// By hand, not by spreading: a backend may keep its methods on a prototype.
function withDescription(backend: Backend, facts: AgentFacts): Backend {
  const { close, stored, keeper, learn } = backend;
  return {
    id: backend.id,
    title: backend.title,
    probe: async (env) => describeAgent(await backend.probe(env), facts),
    open: (options) => backend.open(options),
    ...(close === undefined ? {} : { close: () => close.call(backend) }),
    ...(stored === undefined ? {} : { stored }),
    ...(keeper === undefined ? {} : { keeper }),
    ...(learn === undefined ? {} : { learn: (said) => learn.call(backend, said) }),
  };
}
