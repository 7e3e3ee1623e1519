import type { ReadableStore } from '@baton/client';
import type { ConfiguredAgentView } from '@baton/protocol';
import type { Api } from './api.ts';
import { createValueStore } from './value-store.ts';

/** How an added agent wants to be shown. */
export type AgentLook = Pick<ConfiguredAgentView, 'title' | 'icon'>;

/** Names and pictures of the agents that were added by configuration, for every place that shows only their id. */
export interface AgentLooks extends ReadableStore<ReadonlyMap<string, AgentLook>> {
  /** Asks the server once for each id that is not known. */
  want(backend: string): void;
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

  async function refresh(): Promise<void> {
    const agents = await list();
    store.set(new Map(agents.map(({ id, title, icon }) => [id, { title, ...(icon === undefined ? {} : { icon }) }])));
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
    refresh,
  };
}
