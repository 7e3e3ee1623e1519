import { update } from '../agent/step.ts';
import type { Step } from './state.ts';
import { toFields } from './tool-name.ts';
import type { ToolFields } from './wire.ts';

/** Copilot names no tool: what it gives a subagent is known by its input. */
export function isCopilotTask({ state }: Step, { rawInput }: ToolFields): boolean {
  const { agent_type: type, prompt } = toFields(rawInput);
  return state.agent === 'Copilot' && typeof type === 'string' && typeof prompt === 'string';
}

/**
 * Copilot says of a call which subagent makes it, and nowhere which call started that. It is the one that runs and is nobody's
 * yet; where several are, nobody can tell, and the call stands under none.
 */
export function claimSubagent(step: Step, agentId: string): void {
  const { agents, tools } = step.state;
  if (agents[agentId] !== undefined) return;
  const claimed = new Set(Object.entries(agents).flatMap(([id, item]) => (id in tools ? [] : [item])));
  const free = Object.values(tools).filter(({ item, itemId }) => item.kind === 'subagent' && !claimed.has(itemId));
  const [only] = free;
  if (only !== undefined && free.length === 1) update(step, { agents: { ...agents, [agentId]: only.itemId } });
}
