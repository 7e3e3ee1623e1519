import type { ItemId, ToolCallItem, ToolOutput, ToolStatus } from '@baton/protocol';
import { cutStrings } from '../agent/cut.ts';
import { toLiveOutput } from '../agent/live-output.ts';
import { update, without } from '../agent/step.ts';
import type { OpenTool, Step } from './state.ts';
import { toLocations, toToolKind, toToolTitle } from './tool-name.ts';
import { ensureTurn } from './turn.ts';

export interface ToolUse {
  toolUseId: string;
  tool: string;
  input: unknown;
  /** The `tool_use` id of the subagent that calls it. */
  parent: string | undefined;
}

/** A tool call becomes known. Twice is once: a request for approval may come before the call itself. */
export function startTool(step: Step, use: ToolUse): OpenTool {
  const known = step.state.tools[use.toolUseId];
  if (known !== undefined) return known;
  const parentItemId = use.parent === undefined ? undefined : step.state.agents[use.parent];
  const isHeld = isInBackground(step, use.parent);
  const itemId = step.context.createId('item');
  const open = {
    itemId,
    item: toItem(step, use),
    isHeld,
    live: '',
    ...(parentItemId === undefined ? {} : { parentItemId }),
  };
  update(step, { tools: { ...step.state.tools, [use.toolUseId]: open } });
  if (open.item.kind === 'subagent') update(step, { agents: { ...step.state.agents, [use.toolUseId]: itemId } });
  if (!isHeld) report(step, open);
  return open;
}

/** Whether a subagent works on after the call that began it has returned. */
export function isInBackground(step: Step, parent: string | undefined): boolean {
  return parent !== undefined && parent in step.state.agents && !(parent in step.state.tools);
}

function toItem(step: Step, { tool, input }: ToolUse): ToolCallItem {
  const fields = toFields(input);
  const locations = toLocations(fields);
  return {
    type: 'tool-call',
    tool,
    title: toToolTitle(tool, fields, step.state.cwd),
    kind: toToolKind(tool),
    input: cutStrings(input),
    status: 'running',
    ...(locations === undefined ? {} : { locations }),
    startedAt: step.context.now,
  };
}

function toFields(input: unknown): Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

function report(
  step: Step,
  { itemId, item, parentItemId }: { itemId: ItemId; item: ToolCallItem; parentItemId?: ItemId },
) {
  const turnId = ensureTurn(step, { isBackground: parentItemId !== undefined });
  const parent = parentItemId === undefined ? {} : { parentItemId };
  step.reports.push({ type: 'item.started', turnId, itemId, ...parent, item });
}

/** Shows a call that was held back, because somebody has to answer for it or it is over. */
export function showTool(step: Step, toolUseId: string): void {
  const open = step.state.tools[toolUseId];
  if (open === undefined || !open.isHeld) return;
  update(step, { tools: { ...step.state.tools, [toolUseId]: { ...open, isHeld: false } } });
  report(step, open);
}

export function endTool(step: Step, toolUseId: string, end: { status: ToolStatus; output: ToolOutput[] }): void {
  showTool(step, toolUseId);
  const open = step.state.tools[toolUseId];
  if (open === undefined) return;
  update(step, { tools: without(step.state.tools, toolUseId) });
  const outputs = end.output.length === 0 ? toLiveOutput(open.live) : end.output;
  const output = outputs.length === 0 ? {} : { output: outputs };
  const item = { ...open.item, status: end.status, ...output, endedAt: step.context.now };
  step.reports.push({ type: 'item.ended', itemId: open.itemId, item });
}

/** A running command printed something. */
export function extendTool(step: Step, toolUseId: string, text: string): void {
  const open = step.state.tools[toolUseId];
  if (open === undefined || open.isHeld) return;
  update(step, { tools: { ...step.state.tools, [toolUseId]: { ...open, live: open.live + text } } });
  step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'output', text });
}
