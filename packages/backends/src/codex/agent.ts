import { basename } from 'node:path';
import type { ToolOutput } from '@baton/protocol';
import { cutMiddle } from '../agent/cut.ts';
import { update } from '../agent/step.ts';
import { toTitle } from './command-text.ts';
import { type AgentState, type Step, toKey } from './state.ts';
import { type ToolUse, endTool, startTool } from './tool-call.ts';
import type { ForeignItem } from './wire.ts';

const MAX_TEXT = 100_000;

export interface PlacedItem<T extends ForeignItem['type']> {
  threadId: string;
  item: Extract<ForeignItem, { type: T }>;
  isDone: boolean;
}

const TITLES: Readonly<Record<string, string>> = {
  sendInput: 'Tell the subagent more',
  resumeAgent: 'Wake the subagent',
  wait: 'Wait for the subagents',
  closeAgent: 'Dismiss the subagent',
};

/**
 * A call of the older kind of subagents. The call that begins one returns at once; it stays open for as long as the
 * subagent works, so that its items have a place.
 */
export function applyAgentCall(step: Step, placed: PlacedItem<'collabAgentToolCall'>): void {
  const { threadId, item, isDone } = placed;
  const { id: foreignId, tool, receiverThreadIds, status } = item;
  const agent = tool === 'spawnAgent' ? receiverThreadIds[0] : undefined;
  const open = startTool(step, { threadId, foreignId, agent, item: toCall(item) });
  if (agent !== undefined) noteAgent(step, agent, { itemId: open.itemId });
  const worksOn = agent !== undefined && status === 'completed';
  if (!isDone || worksOn) return;
  endTool(step, toKey(threadId, foreignId), { status: status === 'failed' ? 'failed' : 'completed', output: [] });
}

function toCall({ tool, prompt }: PlacedItem<'collabAgentToolCall'>['item']): ToolUse['item'] {
  const input = prompt == null ? {} : { prompt };
  if (tool !== 'spawnAgent') return { tool, title: TITLES[tool] ?? tool, kind: 'other', input };
  return { tool: 'spawn_agent', title: toTitle(prompt ?? 'Start a subagent'), kind: 'subagent', input };
}

/** News of the newer kind, of which only the beginning is a call of its own; the rest is told by the thread itself. */
export function applyAgentActivity(step: Step, { threadId, item }: PlacedItem<'subAgentActivity'>): void {
  if (item.kind !== 'started' || step.state.agents[item.agentThreadId]?.itemId !== undefined) return;
  const open = startTool(step, {
    ...{ threadId, foreignId: item.id, agent: item.agentThreadId },
    item: {
      tool: 'spawn_agent',
      title: toTitle(basename(item.agentPath).replaceAll('_', ' ')),
      kind: 'subagent',
      input: { name: item.agentPath },
    },
  });
  noteAgent(step, item.agentThreadId, { itemId: open.itemId });
}

export function noteAgent(step: Step, threadId: string, change: Partial<AgentState>): void {
  const known = step.state.agents[threadId] ?? { itemId: undefined, turn: undefined, said: '' };
  update(step, { agents: { ...step.state.agents, [threadId]: { ...known, ...change } } });
}

/** A subagent is done: the call that began it ends with what it said last. */
export function endAgent(step: Step, threadId: string, status: string): void {
  const said = step.state.agents[threadId]?.said ?? '';
  noteAgent(step, threadId, { turn: undefined });
  const call = Object.entries(step.state.tools).find(([, tool]) => tool.agent === threadId);
  if (call === undefined) return;
  const output: ToolOutput[] = said === '' ? [] : [{ type: 'text', ...cutMiddle(said, MAX_TEXT) }];
  const ended = status === 'completed' ? 'completed' : status === 'interrupted' ? 'interrupted' : 'failed';
  endTool(step, call[0], { status: ended, output });
}

export const isAnyAgentWorking = (step: Step): boolean =>
  Object.values(step.state.agents).some((agent) => agent.turn !== undefined);
