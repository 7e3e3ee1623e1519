import { find, type TranslateContext } from '../agent/step.ts';
import { askApproval, withdrawPrompts } from './approve.ts';
import { applyCommands, applyConfig, applyCurrent } from './offer.ts';
import { toPlanEntries } from './plan.ts';
import { askQuestions } from './question.ts';
import { type AcpState, type Step, type Translation, runStep } from './state.ts';
import { applySubagent } from './subagent.ts';
import { applyChunk, endText, toBlockText } from './text.ts';
import { applyTool } from './tool-call.ts';
import { markTrouble, noteTrouble } from './trouble.ts';
import { ensureTurn, tellOnce } from './turn.ts';
import { applyContext, hearUsage } from './usage.ts';
import {
  type Block,
  type RpcId,
  type Update,
  cancelRequestSchema,
  elicitationSchema,
  notificationSchema,
  permissionSchema,
  updateSchema,
} from './wire.ts';

/**
 * One message of the agent as reports and answers. Pure: state and message in, state, reports and replies out; ids and time
 * come with the context. Never throws, whatever the order of messages. Undefined: not a message this part knows.
 */
export function translate(
  state: AcpState,
  message: { id?: RpcId; method: string; params: unknown },
  context: TranslateContext,
): Translation | undefined {
  const work = toWork(message);
  return work === undefined ? undefined : runStep(state, context, work);
}

type Work = (step: Step) => void;

function toWork({ id, method, params }: { id?: RpcId; method: string; params: unknown }): Work | undefined {
  if (id !== undefined) return toRequestWork(id, method, params);
  if (method === 'session/update') {
    const notification = notificationSchema.safeParse(params);
    if (!notification.success) return undefined;
    const { sessionId, update: told } = notification.data;
    const parsed = updateSchema.safeParse(told);
    return parsed.success ? (step) => applyUpdate(step, parsed.data, sessionId) : undefined;
  }
  if (method === '$/cancel_request') {
    const cancelled = cancelRequestSchema.safeParse(params);
    if (!cancelled.success) return undefined;
    const { requestId } = cancelled.data;
    return (step) => withdrawPrompts(step, ({ rpcId }) => rpcId === requestId, 'The agent no longer needs an answer');
  }
  return SILENT.has(method) ? () => {} : undefined;
}

// Known, and nothing a person has to see: a prompt that fails for it says so.
const SILENT = new Set([
  '_auth/status_update',
  'auth/status_update',
  'elicitation/complete',
  'qwen/notify/session/prompt-suggestion',
]);

/** Whether a request is for a person to answer. */
export const isQuestion = (method: string): boolean =>
  method === 'session/request_permission' || method === 'elicitation/create';

function toRequestWork(id: RpcId, method: string, params: unknown): Work | undefined {
  if (method === 'session/request_permission') {
    const permission = permissionSchema.safeParse(params);
    return permission.success ? (step) => askApproval(step, id, permission.data) : undefined;
  }
  if (method !== 'elicitation/create') return undefined;
  const asked = elicitationSchema.safeParse(params);
  return asked.success ? (step) => askQuestions(step, id, asked.data) : undefined;
}

/** Whether an update is a piece of what was said or done, and not about the conversation as a whole. */
export const isContent = (kind: Update['sessionUpdate']): boolean => CONTENT.has(kind);

const CONTENT: ReadonlySet<Update['sessionUpdate']> = new Set([
  'user_message_chunk',
  'agent_message_chunk',
  'agent_thought_chunk',
  'tool_call',
  'tool_call_update',
  'plan',
  'plan_update',
  'notice',
  'compaction_update',
  'subagent_update',
  'session_message',
]);

function applyUpdate(step: Step, told: Update, sessionId: string): void {
  if (step.state.isReplaying && isContent(told.sessionUpdate)) return;
  switch (told.sessionUpdate) {
    case 'agent_message_chunk':
      if (told._meta?.usage != null) hearUsage(step, told._meta.usage);
      return applySpoken(step, { sessionId, type: 'agent-message', ...toChunk(told) });
    case 'agent_thought_chunk':
      return applySpoken(step, { sessionId, type: 'reasoning', ...toChunk(told) });
    case 'tool_call':
    case 'tool_call_update':
      return applyTool(step, told, sessionId);
    case 'plan':
      return reportPlan(step, toPlanEntries(told));
    case 'plan_update':
      return reportPlan(step, toPlanEntries(told.plan));
    case 'plan_removed':
      return reportPlan(step, []);
    case 'subagent_update':
      return applySubagent(step, told);
    case 'session_message':
      return applyMessage(step, told);
    default:
      // A subagent has modes and a window of its own.
      if (sessionId === step.state.nativeId || step.state.nativeId === '') applyState(step, told);
  }
}

/** What is said of the conversation as a whole. */
function applyState(step: Step, told: Update): void {
  switch (told.sessionUpdate) {
    case 'available_commands_update':
      return applyCommands(step, told.availableCommands);
    case 'current_mode_update':
      return applyCurrent(step, { mode: told.currentModeId });
    case 'config_option_update':
      return applyConfig(step, told.configOptions);
    case 'usage_update':
      return applyContext(step, told);
    case 'session_info_update':
      return noteTrouble(step, told._meta?.codex ?? {});
    case 'notice':
      return void step.reports.push({
        type: 'notice.raised',
        level: told.severity === 'error' || told.severity === 'warning' ? told.severity : 'info',
        text: [told.title, told.description].filter((text) => text != null && text !== '').join(': '),
      });
    case 'compaction_update':
      return tellCompaction(step, told);
    default:
      // What a user said is in the log already; summaries are for the model.
      return;
  }
}

const toChunk = ({ content, messageId }: { content: Block; messageId?: string | null | undefined }) => ({
  content,
  messageId: messageId ?? undefined,
});

type Spoken = Parameters<typeof applyChunk>[1];

const MODE_UPDATE = /^\[MODE_UPDATE\] (\S+)$/;

// Gemini CLI tells a change of mode as if its model had said it, and heads every thought with a subject that may be empty.
function applySpoken(step: Step, chunk: Spoken): void {
  const text = toBlockText(chunk.content);
  if (step.state.agent === 'Copilot') return applyCopilot(step, chunk, text);
  if (step.state.agent !== 'gemini-cli') return applyChunk(step, chunk);
  const mode = MODE_UPDATE.exec(text)?.[1];
  if (mode !== undefined) return applyCurrent(step, { mode });
  if (chunk.type !== 'reasoning') return applyChunk(step, chunk);
  const thought = text.replace(/^\*{4}\n/, '');
  const before = find(step.state.texts, chunk.sessionId)?.type === 'reasoning' ? '\n\n' : '';
  applyChunk(step, { ...chunk, content: { type: 'text', text: before + thought } });
}

// Copilot says as if its model had said it that the model failed, and ends the turn as if all were well.
function applyCopilot(step: Step, chunk: Spoken, text: string): void {
  if (text.startsWith('Info: Request failed'))
    return tellOnce(step, 'retry', `${step.state.title} has trouble with its model and tries again`);
  const isError = chunk.type === 'agent-message' && /^Error: \S/.test(text);
  if (isError) endText(step, chunk.sessionId);
  applyChunk(step, chunk);
  markTrouble(step, isError ? text.slice('Error: '.length) : undefined);
}

function reportPlan(step: Step, entries: ReturnType<typeof toPlanEntries>): void {
  if (entries !== undefined) step.reports.push({ type: 'plan.updated', turnId: ensureTurn(step), entries });
}

function applyMessage(step: Step, told: Extract<Update, { sessionUpdate: 'session_message' }>): void {
  // What a subagent was told is in its call, what it answered is its call's output.
  const sender = told.senderSessionId ?? '';
  if (find(step.state.agents, sender) === undefined || told.content == null) return;
  endText(step, sender);
}

function tellCompaction(step: Step, { status, error }: { status: string; error?: string | null | undefined }): void {
  if (status === 'completed') {
    const text = `${step.state.title} shortened the conversation to make room in the model's window.`;
    step.reports.push({ type: 'notice.raised', level: 'info', text });
  }
  if (status === 'failed') {
    const text = `${step.state.title} could not shorten the conversation${error == null ? '' : `: ${error}`}.`;
    step.reports.push({ type: 'notice.raised', level: 'warning', text });
  }
}
