import { update } from '../agent/step.ts';
import type { Step } from './state.ts';
import { endText } from './text.ts';
import { applyTool } from './tool-call.ts';

interface SubagentUpdate {
  sessionId: string;
  title?: string | null | undefined;
  state?: { state: string; stopReason?: string | null | undefined } | null | undefined;
}

/** A subagent with a session of its own: a call of kind `subagent`, under which its own items stand. */
export function applySubagent(step: Step, { sessionId, title, state }: SubagentUpdate): void {
  const toolCallId = `subagent ${sessionId}`;
  const isOver = state?.state === 'idle';
  if (isOver) endText(step, sessionId);
  const status = isOver ? (state?.stopReason === 'cancelled' ? 'failed' : 'completed') : 'in_progress';
  const named = title == null ? {} : { title };
  applyTool(step, { toolCallId, name: 'Agent', status, ...named }, step.state.nativeId);
  const item = step.state.agents[toolCallId];
  if (item !== undefined) update(step, { agents: { ...step.state.agents, [sessionId]: item } });
}
