import type { AgentCommand, AgentMode, AgentModel } from '@baton/protocol';
import { z } from 'zod';
import { update } from '../agent/step.ts';
import { type OpencodeApi, insist } from './api.ts';
import type { Offer, Step } from './state.ts';
import { catchUpOnContext } from './usage.ts';
import {
  type NativeAgents,
  type NativeCommands,
  type NativeProviders,
  agentsSchema,
  commandsSchema,
  mcpSchema,
  providersSchema,
} from './wire.ts';

/**
 * What OpenCode offers in a folder. The first request for a folder boots it, which takes seconds; each may take so long, with
 * all its tries.
 */
export async function readOffer(api: OpencodeApi, directory: string, timeoutMs: number): Promise<Offer> {
  const read = <T extends z.ZodType>(path: string, schema: T): Promise<z.infer<T>> => {
    const endsAt = performance.now() + timeoutMs;
    // A turn may run meanwhile, which a connection that breaks must not end.
    return insist(() => {
      const leftMs = Math.max(1, Math.ceil(endsAt - performance.now()));
      return api.read(path, schema, { directory, timeoutMs: leftMs });
    });
  };
  const agents = await read('/agent', agentsSchema);
  const [providers, commands, tools, mcp] = await Promise.all([
    read('/config/providers', providersSchema),
    read('/command', commandsSchema),
    read('/experimental/tool/ids', z.array(z.string())).catch(() => []),
    read('/mcp', mcpSchema).catch(() => ({})),
  ]);
  return {
    models: toModels(providers),
    modes: toModes(agents),
    commands: toCommands(commands),
    tools,
    mcpServers: Object.entries(mcp).map(([name, { status }]) => ({ name, status })),
    windows: toWindows(providers),
    defaultModel: toDefaultModel(providers),
  };
}

function toModels({ providers }: NativeProviders): AgentModel[] {
  return providers.flatMap((provider) =>
    Object.values(provider.models)
      .filter((model) => model.status !== 'deprecated')
      .map((model) => {
        const efforts = Object.keys(model.variants ?? {});
        return {
          id: `${provider.id}/${model.id}`,
          title: model.name,
          description: provider.name,
          ...(efforts.length === 0 ? {} : { efforts }),
        };
      }),
  );
}

function toWindows({ providers }: NativeProviders): Record<string, number> {
  const sizes = providers.flatMap((provider) =>
    Object.values(provider.models).map((model) => [`${provider.id}/${model.id}`, model.limit?.context ?? 0] as const),
  );
  return Object.fromEntries(sizes);
}

function toDefaultModel({ providers, default: chosen }: NativeProviders): string | undefined {
  const provider = providers.find(({ id }) => chosen[id] !== undefined);
  return provider === undefined ? undefined : `${provider.id}/${chosen[provider.id]}`;
}

/** OpenCode's primary agents: each has its own instructions and permissions. */
function toModes(agents: NativeAgents): AgentMode[] {
  return agents
    .filter((agent) => agent.mode !== 'subagent' && agent.hidden !== true)
    .map(({ name, description }) => {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      return { id: name, title, ...(description === undefined ? {} : { description }) };
    });
}

export const COMPACT = 'compact';

function toCommands(commands: NativeCommands): AgentCommand[] {
  const own = commands.map(({ name, description = '', hints }) => {
    return { name, description, ...(hints.length === 0 ? {} : { argumentHint: hints.join(' ') }) };
  });
  return [...own, { name: COMPACT, description: 'Summarise the conversation to make room' }];
}

export function applyOffer(step: Step, offer: Offer): void {
  update(step, { offer });
  const { models, modes, commands, tools, mcpServers } = offer;
  step.reports.push({
    type: 'agent.ready',
    models: [...models],
    modes: [...modes],
    commands: [...commands],
    tools: [...tools],
    mcpServers: [...mcpServers],
    nativeId: step.state.nativeId,
  });
  catchUpOnContext(step);
}
