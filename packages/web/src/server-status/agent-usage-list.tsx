import type { AgentUsage } from '@baton/protocol';
import { Link } from '@tanstack/react-router';
import { AgentBadge } from '../sessions/agent-badge.tsx';
import { formatPercent, formatSize } from './status-words.ts';

/** Each agent with all its processes, in the order of the memory they take. */
export function AgentUsageList({ agents }: { agents: readonly AgentUsage[] }) {
  if (agents.length === 0) return <p className="p-4 text-base text-ink-3">No agent has a process now.</p>;
  return (
    <table className="tabular w-full border-collapse text-base">
      <thead>
        <tr className="text-left text-sm text-ink-3">
          <th scope="col" className="px-4 py-2 font-normal">
            Session
          </th>
          <th scope="col" className="hidden px-4 py-2 text-right font-normal wide:table-cell">
            Processes
          </th>
          <th scope="col" className="px-2 py-2 text-right font-normal wide:px-4">
            CPU
          </th>
          <th scope="col" className="px-4 py-2 text-right font-normal">
            Memory
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.sessionId ?? `${agent.title} ${agent.backend}`} className="border-t border-line">
            <th scope="row" className="w-full max-w-0 px-4 py-2 text-left font-normal">
              <AgentName agent={agent} />
            </th>
            <td className="hidden px-4 py-2 text-right text-ink-2 wide:table-cell">{agent.processes}</td>
            <td className="px-2 py-2 text-right whitespace-nowrap text-ink-2 wide:px-4">
              {formatPercent(agent.cpuPercent)}
            </td>
            <td className="px-4 py-2 text-right whitespace-nowrap text-ink-2">{formatSize(agent.rssBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function AgentName({ agent: { sessionId, title, backend, processes } }: { agent: AgentUsage }) {
  if (sessionId === undefined) {
    return (
      <>
        <span className="block truncate font-medium">{title}</span>
        <span className="block text-sm text-ink-3">
          {processes} {processes === 1 ? 'process' : 'processes'}
        </span>
      </>
    );
  }
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId }}
      className="flex min-h-8 items-center gap-2 rounded-md hover:underline coarse:min-h-11"
    >
      {backend !== undefined && <AgentBadge backend={backend} />}
      <span className="truncate font-medium">{title === '' ? 'Untitled' : title}</span>
    </Link>
  );
}
