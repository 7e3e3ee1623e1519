import type { ToolCallItem, ToolOutput, ToolStatus } from '@baton/protocol';
import { cutStrings } from '../agent/cut.ts';
import { toLiveOutput } from '../agent/live-output.ts';
import { update, without } from '../agent/step.ts';
import { type OpenTool, type Step, toParent } from './state.ts';
import { type Input, toLocations, toToolKind, toToolTitle } from './tool-name.ts';
import { toToolOutput, toToolStatus } from './tool-output.ts';
import type { NativeToolPart } from './wire.ts';

/** A tool call as it is now. It is shown from the moment it runs, because only then its input is known. */
export function applyTool(step: Step, part: NativeToolPart): void {
  if (step.state.closed[part.id]) return;
  const { callID: callId, tool, state, sessionID: sessionId } = part;
  update(step, { calls: { ...step.state.calls, [callId]: { partId: part.id, tool } } });
  if (state.status === 'pending') return;
  const open = startTool(step, { partId: part.id, callId, tool, input: state.input, sessionId });
  if (state.status === 'running') return extendTool(step, part.id, toPrinted(part));
  const isDenied = step.state.denied.includes(callId);
  const status = isDenied && state.status === 'error' ? 'denied' : toToolStatus(part);
  endTool(step, part.id, { status, output: toToolOutput(part, open.diff) });
}

export interface ToolUse {
  partId: string;
  callId: string;
  tool: string;
  input: Input;
  sessionId: string;
}

/** A call becomes known. Twice is once: a request for approval may come before the call itself, and knows less of it. */
export function startTool(step: Step, use: ToolUse): OpenTool {
  const known = step.state.tools[use.partId];
  const item = toItem(step, use);
  if (known !== undefined) {
    const fuller = { ...known, item: { ...item, startedAt: known.item.startedAt } };
    update(step, { tools: { ...step.state.tools, [use.partId]: fuller } });
    return fuller;
  }
  const itemId = step.context.createId('item');
  const open = { itemId, item, callId: use.callId, live: '' };
  update(step, { tools: { ...step.state.tools, [use.partId]: open } });
  const { turn } = step.state;
  if (turn !== undefined) {
    const parent = toParent(step.state, use.sessionId);
    step.reports.push({ type: 'item.started', turnId: turn.turnId, itemId, ...parent, item });
  }
  return open;
}

/** The call a request is about. It may come before the call is told with its input; then it knows enough to show the call. */
export function findTool(
  step: Step,
  { callId, sessionId, input }: Pick<ToolUse, 'callId' | 'sessionId' | 'input'>,
): { partId: string; tool: OpenTool } | undefined {
  const known = Object.entries(step.state.tools).find(([, tool]) => tool.callId === callId);
  if (known !== undefined) return { partId: known[0], tool: known[1] };
  const announced = step.state.calls[callId];
  if (announced === undefined || step.state.closed[announced.partId]) return undefined;
  const tool = startTool(step, { ...announced, callId, sessionId, input });
  return { partId: announced.partId, tool };
}

function toItem(step: Step, { tool, input }: ToolUse): ToolCallItem {
  const locations = toLocations(input);
  return {
    type: 'tool-call',
    tool,
    title: toToolTitle(tool, input, step.state.cwd),
    kind: toToolKind(tool),
    input: cutStrings(input),
    status: 'running',
    ...(locations === undefined ? {} : { locations }),
    startedAt: step.context.now,
  };
}

function toPrinted({ tool, state }: NativeToolPart): string {
  const output = state.metadata['output'];
  return tool === 'bash' && typeof output === 'string' ? output : '';
}

// OpenCode tells all that was printed so far; of long output only the end, which cannot be added to what is shown.
function extendTool(step: Step, partId: string, printed: string): void {
  const open = step.state.tools[partId];
  if (open === undefined || printed.length <= open.live.length || !printed.startsWith(open.live)) return;
  const text = printed.slice(open.live.length);
  update(step, { tools: { ...step.state.tools, [partId]: { ...open, live: printed } } });
  step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'output', text });
}

export function endTool(step: Step, partId: string, end: { status: ToolStatus; output: ToolOutput[] }): void {
  const open = step.state.tools[partId];
  if (open === undefined) return;
  update(step, { tools: without(step.state.tools, partId), closed: { ...step.state.closed, [partId]: true } });
  const live = toLiveOutput(open.live);
  const outputs = end.output.length === 0 ? live : end.output;
  const output = outputs.length === 0 ? {} : { output: outputs };
  const item = { ...open.item, status: end.status, ...output, endedAt: step.context.now };
  step.reports.push({ type: 'item.ended', itemId: open.itemId, item });
}
