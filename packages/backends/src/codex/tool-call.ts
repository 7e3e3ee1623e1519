import type { ToolCallItem, ToolOutput, ToolStatus } from '@baton/protocol';
import { cutMiddle } from '../agent/cut.ts';
import { MAX_LIVE, toLiveOutput } from '../agent/live-output.ts';
import { update, without } from '../agent/step.ts';
import { type OpenTool, type Step, toKey } from './state.ts';
import { ensureTurn, toPlace } from './turn.ts';

export interface ToolUse {
  threadId: string;
  foreignId: string;
  item: Omit<ToolCallItem, 'type' | 'status' | 'startedAt'>;
  processId?: string | undefined;
  agent?: string | undefined;
}

/** A tool call becomes known. Twice is once: a command is told of again when it has a process. */
export function startTool(step: Step, use: ToolUse): OpenTool {
  const { threadId, foreignId, processId, agent } = use;
  const key = toKey(threadId, foreignId);
  const known = step.state.tools[key];
  if (known !== undefined) {
    const next = { ...known, processId: processId ?? known.processId, agent: agent ?? known.agent };
    update(step, { tools: { ...step.state.tools, [key]: next } });
    return next;
  }
  const item: ToolCallItem = { ...use.item, type: 'tool-call', status: 'running', startedAt: step.context.now };
  const itemId = step.context.createId('item');
  const open: OpenTool = { itemId, threadId, foreignId, item, live: '', processId, agent };
  const turn = ensureTurn(step);
  update(step, { tools: { ...step.state.tools, [key]: open } });
  step.reports.push({ type: 'item.started', turnId: turn, itemId, ...toPlace(step, threadId), item });
  return open;
}

/** Ends a call, with what it printed live when nothing else is known of its output. */
export function endTool(step: Step, key: string, end: { status: ToolStatus; output: ToolOutput[] }): void {
  const open = step.state.tools[key];
  if (open === undefined) return;
  update(step, { tools: without(step.state.tools, key) });
  const outputs = end.output.length === 0 ? toLiveOutput(open.live) : end.output;
  const output = outputs.length === 0 ? {} : { output: outputs };
  const item = { ...open.item, status: end.status, ...output, endedAt: step.context.now };
  step.reports.push({ type: 'item.ended', itemId: open.itemId, item });
}

/** A running command printed something. */
export function extendTool(step: Step, key: string, text: string): void {
  const open = step.state.tools[key];
  if (open === undefined || text === '') return;
  const live = cutMiddle(open.live + text, 2 * MAX_LIVE).text;
  update(step, { tools: { ...step.state.tools, [key]: { ...open, live } } });
  step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'output', text });
}
