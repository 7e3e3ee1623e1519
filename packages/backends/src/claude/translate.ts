import type { ToolOutput, ToolStatus } from '@baton/protocol';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import { askApproval } from './approve.ts';
import { notePlan } from './plan.ts';
import { askQuestions, toQuestions } from './question.ts';
import { applyResult, noteSyntheticError } from './result.ts';
import { toPoint } from './point.ts';
import type { ClaudeState, Step, Translation } from './state.ts';
import { applySteerLifecycle, noteRead } from './steer.ts';
import { applySystem } from './system.ts';
import { applyStreamEvent, applyWholeText } from './text.ts';
import { endTool, isInBackground, startTool } from './tool-call.ts';
import { type ToolResult, toText, toToolOutput } from './tool-output.ts';
import { endTurn, withdrawPrompts } from './turn-end.ts';
import { ensureTurn, tellOnce } from './turn.ts';
import type { AssistantMessage, Block, ClaudeMessage, ControlRequest, UserMessage } from './wire.ts';

/**
 * One message of Claude Code as reports. Pure: state and message in, state and reports out; ids and time come with the
 * context. Never throws, whatever the order of messages. A `control_response` means nothing here.
 */
export function translate(state: ClaudeState, message: ClaudeMessage, context: TranslateContext): Translation {
  return runStep(state, context, (step) => apply(step, message));
}

function apply(step: Step, message: ClaudeMessage): void {
  switch (message.type) {
    case 'assistant':
      return applyAssistant(step, message);
    case 'user':
      return applyUser(step, message);
    case 'stream_event':
      return message.parent_tool_use_id == null ? applyStreamEvent(step, message.event) : undefined;
    case 'result':
      return applyResult(step, message);
    case 'system':
      return applySystem(step, message);
    case 'control_request':
      return applyRequest(step, message);
    case 'control_cancel_request':
      return withdrawPrompts(step, (id) => id === message.request_id, 'The agent no longer needs an answer');
    case 'command_lifecycle':
      return applyLifecycle(step, message);
    case 'rate_limit_event':
      return tellRateLimit(step, message.rate_limit_info);
    case 'unknown':
      step.reports.push({ type: 'raw.received', source: 'claude', payload: message.payload });
      return;
    default:
      return;
  }
}

function applyAssistant(step: Step, { uuid, message, error, parent_tool_use_id: parent }: AssistantMessage): void {
  notePoint(step, uuid, parent);
  const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  if (error != null) {
    const text = blocks.map((block) => block.text ?? '').join('\n');
    return noteSyntheticError(step, { cause: error, text });
  }
  for (const block of blocks) applyBlock(step, { block, messageId: message.id, parent: parent ?? undefined });
}

// A subagent's messages are kept elsewhere.
function notePoint(step: Step, uuid: string | undefined, parent: string | null | undefined): void {
  if (uuid !== undefined && parent == null) update(step, { point: toPoint(step.state.nativeId, uuid) });
}

interface PlacedBlock {
  block: Block;
  messageId: string;
  parent: string | undefined;
}

function applyBlock(step: Step, { block, messageId, parent }: PlacedBlock): void {
  if (block.type === 'tool_use' && block.id !== undefined && block.name !== undefined) {
    startTool(step, { toolUseId: block.id, tool: block.name, input: block.input, parent });
    // A subagent keeps a list of its own, which is not the plan of the session.
    if (block.name === 'TodoWrite' && parent === undefined)
      notePlan(step, { tool: block.name, input: block.input, detail: undefined });
    return;
  }
  const type = block.type === 'text' ? 'agent-message' : 'reasoning';
  const text = block.type === 'text' ? block.text : block.thinking;
  if (text === undefined || !['text', 'thinking'].includes(block.type)) return;
  if (parent === undefined) return applyWholeText(step, { type, text, messageId });
  if (text.trim() !== '') sayForAgent(step, { type, text, parent });
}

function sayForAgent(step: Step, said: { type: 'agent-message' | 'reasoning'; text: string; parent: string }): void {
  const { type, text, parent } = said;
  const parentItemId = step.state.agents[parent];
  const turnId = ensureTurn(step, { isBackground: isInBackground(step, parent) });
  const itemId = step.context.createId('item');
  const place = parentItemId === undefined ? {} : { parentItemId };
  step.reports.push({ type: 'item.started', turnId, itemId, ...place, item: { type, text: '' } });
  step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}

function applyUser(step: Step, message: UserMessage): void {
  const { content } = message.message;
  if (message.isReplay === true) return noteRead(step, message.uuid);
  notePoint(step, message.uuid, message.parent_tool_use_id);
  const results = typeof content === 'string' ? [] : content.filter((block) => block.type === 'tool_result');
  // The detail belongs to one result; which of several is not told.
  const detail = results.length === 1 ? message.tool_use_result : undefined;
  for (const block of results) applyToolResult(step, { message, block, detail });
}

interface PlacedResult {
  message: UserMessage;
  block: Block;
  detail: unknown;
}

function applyToolResult(step: Step, { message, block, detail }: PlacedResult): void {
  const toolUseId = block.tool_use_id ?? '';
  const open = step.state.tools[toolUseId];
  if (open === undefined) return;
  const isError = block.is_error === true;
  const { tool, input } = open.item;
  const status = isError ? toErrorStatus(step, message, toolUseId) : 'completed';
  endTool(step, toolUseId, { status, output: toOutput(status, { tool, content: block.content, detail, isError }) });
  if (!isError && open.parentItemId === undefined && tool !== 'TodoWrite') notePlan(step, { tool, input, detail });
}

function toOutput(status: ToolStatus, result: ToolResult): ToolOutput[] {
  if (status === 'interrupted') return [];
  return status === 'denied' ? toNote(result.content) : toToolOutput(result);
}

// What the model was told when its call was refused: the note of the user who refused it, or the rule that did.
function toNote(content: unknown): ToolOutput[] {
  const text = toText(content);
  return text === '' ? [] : [{ type: 'text', text }];
}

function toErrorStatus(step: Step, message: UserMessage, toolUseId: string): ToolStatus {
  const meta = message.tool_result_meta?.find((entry) => entry.id === toolUseId);
  if (step.state.denied.includes(toolUseId) || meta?.permission_decision?.decision === 'reject') return 'denied';
  const wasStopped = meta?.non_execution_kind === 'user-rejected' || step.state.turn?.isInterrupting === true;
  return wasStopped ? 'interrupted' : 'failed';
}

function applyRequest(step: Step, { requestId, asks }: ControlRequest): void {
  if (asks === undefined) return;
  const questions = asks.tool_name === 'AskUserQuestion' ? toQuestions(asks.input) : undefined;
  if (questions !== undefined) askQuestions(step, { requestId, asks, questions });
  else askApproval(step, requestId, asks);
}

// A prompt that the agent threw away gets no result.
function applyLifecycle(step: Step, { command_uuid: uuid, state }: { command_uuid: string; state: string }): void {
  if (step.state.turn?.promptUuid !== uuid) return applySteerLifecycle(step, { uuid, state });
  if (state === 'cancelled') endTurn(step, { outcome: 'interrupted' });
  if (state === 'refused' || state === 'discarded') {
    const error = {
      kind: 'agent-unresponsive' as const,
      message: 'Claude Code did not take the prompt. Send it again.',
    };
    endTurn(step, { outcome: 'failed', error });
  }
}

function tellRateLimit(
  step: Step,
  info: { status: string; rateLimitType?: string | null; resetsAt?: number | null },
): void {
  if (info.status !== 'allowed_warning' && info.status !== 'rejected') return;
  const which = (info.rateLimitType ?? 'usage').replaceAll('_', ' ');
  const when = info.resetsAt == null ? '' : ` It resets at ${new Date(info.resetsAt * 1000).toISOString()}.`;
  const what = info.status === 'rejected' ? 'is used up' : 'is nearly used up';
  tellOnce(step, `limit ${info.status}`, `The ${which} limit of this account ${what}.${when}`);
}
