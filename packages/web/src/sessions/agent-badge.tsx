import { useEffect } from 'react';
import { type AgentLook, getAgentLooks } from '../live/agent-looks.ts';
import { useApi } from '../live/baton-provider.tsx';
import { useStorePart } from '../live/use-store.ts';
import { AgentMark, type AgentMarkProps } from '../ui/agent-mark.tsx';
import { isKnownAgent, toAgentTitle } from './agent-title.ts';

function useAgentLook(backend: string | undefined): AgentLook | undefined {
  const looks = getAgentLooks(useApi());
  useEffect(() => {
    if (backend !== undefined && !isKnownAgent(backend)) looks.want(backend);
  }, [looks, backend]);
  return useStorePart(looks, (byId) => (backend === undefined ? undefined : byId.get(backend)));
}

/** The name of an agent, also of one that was added; "The agent" while it is not known which. */
export function useAgentTitle(backend: string | undefined): string {
  return useAgentLook(backend)?.title ?? (backend === undefined ? 'The agent' : toAgentTitle(backend));
}

/** The mark of an agent by its id, with the icon of one that was added. */
export function AgentBadge({ backend, ...rest }: Omit<AgentMarkProps, 'icon'>) {
  return <AgentMark {...rest} backend={backend} icon={useAgentLook(backend)?.icon} />;
}

/** The name of an agent by its id, as text. */
export function AgentName({ backend }: { backend: string }) {
  return useAgentTitle(backend);
}
