import type { AgentReport } from '@baton/core';
import type { EventOf } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { CodexState, Step } from './state.ts';
import type { Notice } from './wire.ts';

/** Tells once in a session, because Codex repeats what it warns of with every turn. */
export function tell(step: Step, level: EventOf<'notice.raised'>['level'], text: string): void {
  const said = text.trim();
  const isWarning = level === 'warning';
  if (said === '' || (isWarning && step.state.told.includes(said))) return;
  if (isWarning) update(step, { told: [...step.state.told, said] });
  step.reports.push({ type: 'notice.raised', level, text: said });
}

type McpStatus = Extract<Notice, { method: 'mcpServer/startupStatus/updated' }>['params'];

export function tellMcpServer(step: Step, { name, status, error }: McpStatus): void {
  const { offer } = step.state;
  const others = offer.mcpServers.filter((server) => server.name !== name);
  update(step, { offer: { ...offer, mcpServers: [...others, { name, status }] } });
  if (status === 'failed')
    tell(step, 'warning', `The MCP server "${name}" did not start: ${error ?? 'no reason was given'}`);
}

const NEARLY = 90;

type Limits = Extract<Notice, { method: 'account/rateLimits/updated' }>['params']['rateLimits'];

export function tellLimit(step: Step, { primary, secondary }: Limits): void {
  for (const window of [primary, secondary]) {
    if (window == null || window.usedPercent < NEARLY) continue;
    const when = window.resetsAt == null ? '' : ` It resets at ${new Date(window.resetsAt * 1000).toISOString()}.`;
    const what = window.usedPercent >= 100 ? 'is used up' : 'is nearly used up';
    tell(step, 'warning', `A usage limit of this account ${what}.${when}`);
  }
}

/** What the agent offers, whole. */
export function toReady(state: CodexState, modes: EventOf<'agent.ready'>['modes']): AgentReport {
  const { models, commands, mcpServers } = state.offer;
  return {
    type: 'agent.ready',
    models: [...models],
    modes,
    commands: [...commands],
    tools: [...TOOLS],
    mcpServers: [...mcpServers],
    nativeId: state.threadId,
  };
}

// Codex tells its tools to the model alone.
const TOOLS = [
  'exec_command',
  'apply_patch',
  'update_plan',
  'view_image',
  'web_search',
  'request_user_input',
  'spawn_agent',
];
