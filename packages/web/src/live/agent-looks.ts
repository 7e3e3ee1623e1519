import type { ReadableStore } from '@baton/client';
import type { BackendView, ConfiguredAgentView } from '@baton/protocol';
import type { Api } from './api.ts';
import { withDistinctTitles } from './distinct-titles.ts';
import { createValueStore } from './value-store.ts';

/** How an agent is shown. */
export type AgentLook = Pick<ConfiguredAgentView, 'title' | 'icon'>;

/** Names and pictures of agents, for every place that shows only their id. */
export interface AgentLooks extends ReadableStore<ReadonlyMap<string, AgentLook>> {
  /** Asks the server once for each id that is not known. */
  want(backend: string): void;
  /** Takes them from all agents there are, wherever those were asked for. */
  learn(backends: readonly Pick<BackendView, 'id' | 'title' | 'icon'>[]): void;
  /** Asks again, after one was added or changed. */
  refresh(): Promise<void>;
}

const sources = new WeakMap<Api, AgentLooks>();

/** The same looks for the same server. */
export function getAgentLooks(api: Api): AgentLooks {
  const looks = sources.get(api) ?? createAgentLooks(async () => (await api.call('listAgents')).items);
  sources.set(api, looks);
  return looks;
}

/** `list` reads the agents that were added; those that are built in need no asking. */
export function createAgentLooks(list: () => Promise<readonly ConfiguredAgentView[]>): AgentLooks {
  const store = createValueStore<ReadonlyMap<string, AgentLook>>(new Map());
  const asked = new Set<string>();
  let asking: Promise<void> | undefined;

  let learnt: readonly (readonly [string, AgentLook])[] = [];

  async function refresh(): Promise<void> {
    const listed = withDistinctTitles(await list()).map(toEntry);
    const added = new Set(listed.map(([id]) => id));
    store.set(new Map([...learnt.filter(([id]) => !added.has(id)), ...listed]));
  }

  return {
    get: () => store.get(),
    subscribe: (listener) => store.subscribe(listener),
    want(backend) {
      if (asked.has(backend)) return;
      asked.add(backend);
      // Without an answer the letter of the id stands in; the next id that is new asks again.
      asking ??= refresh()
        .catch(() => undefined)
        .finally(() => (asking = undefined));
    },
    learn(backends) {
      learnt = backends.map(toEntry);
      store.set(new Map([...store.get(), ...learnt]));
    },
    refresh,
  };
}

function toEntry({ id, title, icon }: AgentLook & { id: string }): readonly [string, AgentLook] {
  return [id, { title, ...(icon === undefined ? {} : { icon }) }];
}
