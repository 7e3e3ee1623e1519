import type { SessionView } from '@baton/protocol';
import { Badge } from '../../ui/badge.tsx';
import { FactList } from './drawer-section.tsx';

/** What the running agent said of itself. */
export function AgentFacts({ agent }: { agent: NonNullable<SessionView['agent']> }) {
  return (
    <div className="flex flex-col gap-3">
      <FactList
        facts={[
          ...(agent.version === '' ? [] : [['Version', agent.version] as const]),
          ['Tools', String(agent.tools.length)],
          ['Commands', String(agent.commands.length)],
        ]}
      />
      {agent.mcpServers.length > 0 && (
        <div>
          <h3 className="mb-1.5 text-xs text-ink-3">MCP servers</h3>
          <ul className="flex flex-col gap-1 text-sm">
            {agent.mcpServers.map((server) => (
              <li key={server.name} className="flex items-center justify-between gap-2">
                <span className="min-w-0 truncate text-ink-2">{server.name}</span>
                <Badge tone={server.status === 'failed' ? 'failed' : 'neutral'}>{server.status}</Badge>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
