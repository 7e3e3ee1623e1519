import type { RequestPermissionResponse } from '@agentclientprotocol/sdk';
import type { ApprovalAnswer } from '@baton/core';
import { AppError, type ApprovalOption } from '@baton/protocol';
import { update } from '../agent/step.ts';
import { askInPermission, toNoAnswer } from './question.ts';
import { type OpenPrompt, type Step, closePrompt } from './state.ts';
import { applyTool, endTool, showTool } from './tool-call.ts';
import { ensureTurn } from './turn.ts';
import type { Permission, RpcId } from './wire.ts';

const KINDS: ReadonlyMap<string, ApprovalOption['kind']> = new Map([
  ['allow_once', 'allow-once'],
  ['allow_always', 'allow-always'],
  ['reject_once', 'deny-once'],
  ['reject_always', 'deny-always'],
]);

/** The agent wants to act: its user is asked, with the agent's own options. */
export function askApproval(step: Step, rpcId: RpcId, { sessionId, toolCall, options }: Permission): void {
  const known = toOptions(options);
  if (known.length === 0) {
    step.replies.push({ rpcId, result: toNoAnswer({ type: 'approval' }) });
    const text = `${step.state.title} asked for permission and offered no choice that can be answered, so Baton declined.`;
    step.reports.push({ type: 'notice.raised', level: 'warning', text });
    return;
  }
  const id = toFreshId(step, toolCall.toolCallId);
  applyTool(step, { ...toolCall, toolCallId: id, status: 'pending' }, sessionId);
  const handIn = known.find((option) => option.kind === 'allow-once');
  const asked = toolCall._meta?.qwenQuestions;
  if (asked != null && handIn !== undefined) return askInPermission(step, { rpcId, asked, optionId: handIn.id });
  showTool(step, id);
  // It was told to stop before it asked. It stops when it has its answer, which no person has to give any more.
  if (step.state.turn?.isInterrupting === true)
    return void step.replies.push({ rpcId, result: toNoAnswer({ type: 'approval' }) });
  requestApproval(step, { rpcId, id, known });
}

function requestApproval(
  step: Step,
  { rpcId, id, known }: { rpcId: RpcId; id: string; known: ApprovalOption[] },
): void {
  const { itemId, item } = step.state.tools[id] ?? {};
  const approvalId = step.context.createId('approval');
  const offered = Object.fromEntries(known.map((option) => [option.id, option.kind.startsWith('allow')]));
  const prompt: OpenPrompt = { type: 'approval', rpcId, approvalId, toolCallId: id, options: offered };
  update(step, { prompts: [...step.state.prompts, prompt] });
  step.reports.push({
    type: 'approval.requested',
    approvalId,
    turnId: ensureTurn(step),
    ...(itemId === undefined ? {} : { itemId }),
    title: item?.title ?? id,
    action: { kind: item?.kind ?? 'other', tool: item?.tool ?? 'tool', input: item?.input ?? {} },
    options: known,
  });
}

// What the longest id is that an answer can name.
const MAX_ID = 200;

// An option of a kind nobody knows could mean anything, so it is not offered; nor is one whose id cannot be answered, or is
// also that of another: what a person chose and what the agent understands could be opposites.
function toOptions(options: Permission['options']): ApprovalOption[] {
  const isClear = (id: string): boolean =>
    id !== '' && id.length <= MAX_ID && options.filter(({ optionId }) => optionId === id).length === 1;
  return options.flatMap(({ optionId, name, kind }): ApprovalOption[] => {
    const ours = KINDS.get(kind);
    if (ours === undefined || !isClear(optionId)) return [];
    const takesNote = ours.startsWith('deny') ? { takesNote: true } : {};
    return [{ id: optionId, title: name === '' ? optionId : name, kind: ours, ...takesNote }];
  });
}

// Some agents ask once more for a call that was closed already; the question is real all the same.
function toFreshId(step: Step, id: string): string {
  return step.state.over.includes(id) ? `${id} (again ${step.state.over.length})` : id;
}

/**
 * Takes an answer. Throws `approval-already-answered` when nothing waits for it, `invalid-input` for an option that was
 * never offered. A call that was denied is over: several agents never mention it again.
 */
export function answerApproval(step: Step, answer: ApprovalAnswer): void {
  const prompt = step.state.prompts.find((open) => open.type === 'approval' && open.approvalId === answer.approvalId);
  if (prompt?.type !== 'approval') {
    throw new AppError('approval-already-answered', 'Cannot answer: the agent no longer waits for this approval');
  }
  const allows = prompt.options[answer.option];
  if (allows === undefined) throw new AppError('invalid-input', `Cannot answer: there is no option "${answer.option}"`);
  closePrompt(step, prompt);
  const result: RequestPermissionResponse = { outcome: { outcome: 'selected', optionId: answer.option } };
  step.replies.push({ rpcId: prompt.rpcId, result });
  if (!allows) deny(step, prompt.toolCallId, answer.note);
  else markRunning(step, prompt.toolCallId);
}

// Why can only be told when the agent has heard that: see `takeNotes`.
function deny(step: Step, toolCallId: string, said = ''): void {
  const { turn, tools } = step.state;
  const note = said.trim();
  if (turn !== undefined && note !== '') {
    const what = tools[toolCallId]?.item.title ?? 'what you asked for';
    update(step, { turn: { ...turn, notes: [...turn.notes, `The user denied "${what}" and says: ${note}`] } });
  }
  endTool(step, toolCallId, 'denied');
}

// Until it has a result nobody says that it runs.
function markRunning(step: Step, id: string): void {
  const open = step.state.tools[id];
  if (open !== undefined) update(step, { tools: { ...step.state.tools, [id]: { ...open, status: 'in_progress' } } });
}

/** Takes requests for an answer back, from people and from the agent, which waits for one until it gets it. */
export function withdrawPrompts(step: Step, isGone: (prompt: OpenPrompt) => boolean, reason: string): void {
  for (const prompt of step.state.prompts.filter(isGone)) {
    closePrompt(step, prompt);
    step.replies.push({ rpcId: prompt.rpcId, result: toNoAnswer(prompt) });
    if (prompt.type === 'approval')
      step.reports.push({ type: 'approval.withdrawn', approvalId: prompt.approvalId, reason });
    else step.reports.push({ type: 'question.withdrawn', questionId: prompt.questionId, reason });
  }
}
