import type { ApprovalAnswer } from '@baton/core';
import { AppError, type ApprovalOption, type ToolKind } from '@baton/protocol';
import { update } from '../agent/step.ts';
import type { OpenTool, Step } from './state.ts';
import { findTool } from './tool-call.ts';
import { toLongTitle, toShownPath, toToolKind } from './tool-name.ts';
import type { NativePermission } from './wire.ts';

const MAX_PATTERNS = 6;

/** The agent wants leave to do something: its user is asked, in the agent's own terms. */
export function askApproval(step: Step, asks: NativePermission): void {
  const { turn, prompts, dropped } = step.state;
  if (turn === undefined || dropped.includes(asks.id) || prompts.some((open) => open.requestId === asks.id)) return;
  const open = noteTool(step, asks);
  const approvalId = step.context.createId('approval');
  const prompt = { type: 'approval' as const, requestId: asks.id, callId: asks.tool?.callID, approvalId };
  update(step, { prompts: [...step.state.prompts, prompt] });
  const input = { ...toInput(open), ...asks.metadata };
  step.reports.push({
    type: 'approval.requested',
    approvalId,
    turnId: turn.turnId,
    ...(open === undefined ? {} : { itemId: open.itemId }),
    title: toTitle(step, asks, open),
    action: { kind: toKind(asks, open), tool: open?.item.tool ?? asks.permission, input },
    options: toOptions(asks),
    ...toRisk(asks, open),
  });
}

function noteTool(step: Step, asks: NativePermission): OpenTool | undefined {
  const { metadata, sessionID: sessionId, tool: call } = asks;
  const { filepath, diff } = metadata;
  const input = { ...(typeof filepath === 'string' ? { filePath: filepath } : {}), ...metadata };
  const found = call === undefined ? undefined : findTool(step, { callId: call.callID, sessionId, input });
  if (found === undefined || typeof diff !== 'string') return found?.tool;
  const tool = { ...found.tool, diff };
  update(step, { tools: { ...step.state.tools, [found.partId]: tool } });
  return tool;
}

function toInput(open: OpenTool | undefined): Record<string, unknown> {
  const input = open?.item.input;
  return typeof input === 'object' && input !== null ? { ...input } : {};
}

function toTitle(step: Step, { permission, metadata, patterns }: NativePermission, open: OpenTool | undefined): string {
  const { cwd } = step.state;
  if (permission === 'external_directory') return `Work outside the folder: ${patterns.join(', ')}`;
  if (permission === 'doom_loop') return `Go on, although ${open?.item.title ?? 'the same call'} was repeated`;
  const shown = toLongTitle(permission, { ...toInput(open), ...metadata }, cwd);
  if (shown !== permission) return shown;
  const what = patterns.filter((pattern) => pattern !== '*').map((pattern) => toShownPath(pattern, cwd));
  return what.length === 0 ? (open?.item.title ?? permission) : `${permission}: ${what.join(', ')}`;
}

function toKind({ permission }: NativePermission, open: OpenTool | undefined): ToolKind {
  const kind = toToolKind(permission);
  return kind === 'other' || permission.includes('_') ? (open?.item.kind ?? kind) : kind;
}

function toOptions({ always }: NativePermission): ApprovalOption[] {
  return [
    { id: 'once', title: 'Allow', kind: 'allow-once' },
    ...(always.length === 0 ? [] : [{ id: 'always', title: toAlwaysTitle(always), kind: 'allow-always' as const }]),
    { id: 'reject', title: 'Deny', kind: 'deny-once', takesNote: true },
  ];
}

function toAlwaysTitle(always: readonly string[]): string {
  const until = 'in this folder, until OpenCode ends';
  if (always.includes('*')) return `Always allow all of this kind ${until}`;
  const named = always.slice(0, MAX_PATTERNS).map((pattern) => `\`${pattern}\``);
  const rest = always.length > MAX_PATTERNS ? ` and ${always.length - MAX_PATTERNS} more` : '';
  return `Always allow ${named.join(', ')}${rest} ${until}`;
}

function toRisk({ permission }: NativePermission, open: OpenTool | undefined) {
  if (permission === 'external_directory') {
    return { risk: { level: 'medium' as const, reasons: ['It is outside the session’s folder'] } };
  }
  if (permission !== 'doom_loop') return {};
  const what = open?.item.title ?? 'the same call';
  return { risk: { level: 'medium' as const, reasons: [`The model repeated ${what} several times`] } };
}

/** An answer as OpenCode takes it. */
export interface PermissionReply {
  requestId: string;
  body: { reply: string; message?: string };
}

/** Takes an answer. Throws `approval-already-answered` when nothing waits for it, `invalid-input` for an option never offered. */
export function answerApproval(step: Step, answer: ApprovalAnswer): PermissionReply {
  const prompt = step.state.prompts.find((open) => open.type === 'approval' && open.approvalId === answer.approvalId);
  if (prompt === undefined) {
    throw new AppError('approval-already-answered', 'Cannot answer: the agent no longer waits for this approval');
  }
  const { option } = answer;
  if (option !== 'once' && option !== 'always' && option !== 'reject')
    throw new AppError('invalid-input', `Cannot answer: there is no option "${option}"`);
  close(step, prompt.requestId);
  if (option !== 'reject') return { requestId: prompt.requestId, body: { reply: option } };
  if (prompt.callId !== undefined) update(step, { denied: [...step.state.denied, prompt.callId] });
  const note = answer.note?.trim() ?? '';
  return { requestId: prompt.requestId, body: { reply: option, ...(note === '' ? {} : { message: note }) } };
}

export function close(step: Step, requestId: string): void {
  update(step, {
    prompts: step.state.prompts.filter((open) => open.requestId !== requestId),
    dropped: [...step.state.dropped, requestId],
  });
}
