import { type TranslateContext, runStep, update, without } from '../agent/step.ts';
import { askApproval } from './approve.ts';
import { askQuestions } from './question.ts';
import { noteBlank, noteRetry } from './retry.ts';
import { type OpencodeState, type Step, type Translation, updateTurn } from './state.ts';
import { applyText, endText, extendText } from './text.ts';
import { applyTool } from './tool-call.ts';
import { beginOwnTurn, endTurnWhenTold, noteBusy, noteIdle, withdrawPrompts } from './turn.ts';
import { countMessage } from './usage.ts';
import {
  type KnownEvent,
  type NativeEvent,
  type NativeMessage,
  type NativePart,
  type NativeStatus,
  type NativeToolPart,
  toSessionId,
} from './wire.ts';

/** One event of OpenCode as reports. Pure. What happened before, or twice, or in another conversation, is left out. */
export function translate(state: OpencodeState, event: NativeEvent, context: TranslateContext): Translation {
  return runStep(state, context, (step) => apply(step, event));
}

function apply(step: Step, event: NativeEvent): void {
  if (event.type === 'unknown') {
    const sessionId = toSessionId(event);
    if (sessionId !== undefined && !isOurs(step.state, sessionId)) return;
    step.reports.push({ type: 'raw.received', source: 'opencode', payload: event.payload });
    return;
  }
  if (event.type === 'session.created') return noteChild(step, event.properties.info);
  const sessionId = toSessionId(event);
  if (sessionId === undefined) return;
  const held = step.state.held[sessionId];
  if (held !== undefined) return update(step, { held: { ...step.state.held, [sessionId]: [...held, event] } });
  if (isOurs(step.state, sessionId)) applyOwn(step, event, sessionId);
}

export function isOurs({ nativeId, children }: OpencodeState, sessionId: string): boolean {
  return sessionId === nativeId || Object.hasOwn(children, sessionId);
}

// Whose subagent it is comes with the next update of the call; what it does until then waits.
function noteChild(step: Step, info: { id: string; parentID?: string | undefined }): void {
  const { state } = step;
  if (info.parentID === undefined || !isOurs(state, info.parentID) || state.turn === undefined) return;
  if (Object.hasOwn(state.children, info.id) || Object.hasOwn(state.held, info.id)) return;
  update(step, { held: { ...state.held, [info.id]: [] } });
}

function linkChild(step: Step, part: NativeToolPart): void {
  const childId = part.state.metadata['sessionId'];
  const itemId = step.state.tools[part.id]?.itemId;
  if (part.tool !== 'task' || typeof childId !== 'string' || itemId === undefined) return;
  if (step.state.children[childId] === itemId) return;
  const held = step.state.held[childId] ?? [];
  update(step, { children: { ...step.state.children, [childId]: itemId }, held: without(step.state.held, childId) });
  for (const event of held) apply(step, event);
}

type OwnEvent = Exclude<KnownEvent, { type: 'session.created' }>;

function applyOwn(step: Step, event: OwnEvent, sessionId: string): void {
  const isMain = sessionId === step.state.nativeId;
  switch (event.type) {
    case 'session.status':
      return applyStatus(step, event.properties.status, sessionId);
    case 'session.idle':
      return isMain ? noteIdle(step) : undefined;
    case 'session.compacted':
      return tell(step, 'The conversation was summarised to make room.');
    case 'session.error':
      return isMain ? noteError(step, event.properties.error) : undefined;
    case 'message.updated':
      return applyMessage(step, event.properties.info);
    case 'message.part.updated':
      return applyPart(step, event.properties.part);
    case 'message.part.delta':
      return event.properties.field === 'text'
        ? extendText(step, event.properties.partID, event.properties.delta)
        : undefined;
    case 'message.part.removed':
      return endText(step, event.properties.partID);
    case 'todo.updated':
      return isMain ? applyTodos(step, event.properties.todos) : undefined;
    default:
      return applyPrompt(step, event);
  }
}

type PromptEvent = Extract<OwnEvent, { type: `permission.${string}` | `question.${string}` }>;

function applyPrompt(step: Step, event: PromptEvent): void {
  switch (event.type) {
    case 'permission.asked':
      return askApproval(step, event.properties);
    case 'question.asked':
      return askQuestions(step, event.properties);
    default:
      return withdrawPrompts(step, (id) => id === event.properties.requestID, 'OpenCode settled it by itself');
  }
}

function applyStatus(step: Step, status: NativeStatus, sessionId: string): void {
  if (status.type === 'retry') return noteRetry(step, status, sessionId);
  // "Idle" comes again as an event of its own, and only that is the end.
  const { turn, nativeId } = step.state;
  if (status.type !== 'busy' || sessionId !== nativeId || turn === undefined) return;
  if (turn.isIdle) updateTurn(step, { isIdle: false });
  noteBusy(step);
}

function tell(step: Step, text: string): void {
  if (step.state.turn !== undefined) step.reports.push({ type: 'notice.raised', level: 'info', text });
}

// The first says it best: what follows is the same with a stack.
function noteError(step: Step, error: NonNullable<OpencodeState['turn']>['error']): void {
  if (error !== undefined && step.state.turn?.error === undefined) updateTurn(step, { error });
}

function applyMessage(step: Step, message: NativeMessage): void {
  const isMain = message.sessionID === step.state.nativeId;
  if (isMain && !belongs(step, message)) return;
  const known = step.state.messages[message.id];
  const isDone = isWhole(message);
  const isSummary = message.role === 'assistant' && message.summary === true;
  const entry = { sessionId: message.sessionID, role: message.role, isDone, isSummary };
  update(step, { messages: { ...step.state.messages, [message.id]: entry } });
  if (message.role === 'user') return isMain ? noteChoice(step, message) : undefined;
  if (isDone && known?.isDone !== true) {
    countMessage(step, message);
    if (isMain) noteBlank(step, message);
  }
  if (isMain) noteAnswer(step, message);
}

function isWhole(message: NativeMessage): boolean {
  return message.role === 'user' || message.time.completed !== undefined || message.error !== undefined;
}

function noteAnswer(step: Step, message: Extract<NativeMessage, { role: 'assistant' }>): void {
  const point = `${message.id}@${message.time.created}`;
  updateTurn(step, { hasBegun: true, point, ...(message.finish === undefined ? {} : { finish: message.finish }) });
  noteError(step, message.error);
  if (isWhole(message)) endTurnWhenTold(step);
}

// Ids grow with time: what is older than the prompt is about an earlier turn.
function belongs(step: Step, message: NativeMessage): boolean {
  const { turn } = step.state;
  if (turn !== undefined) return message.id >= turn.promptId;
  if (isWhole(message) || step.state.messages[message.id] !== undefined) return false;
  beginOwnTurn(step, message.id);
  return true;
}

// The model and agent that OpenCode takes where nobody chose. By itself it changes only the agent (when a plan is done);
// what a command brings along is for its prompt alone.
function noteChoice(step: Step, { id, model, agent }: Extract<NativeMessage, { role: 'user' }>): void {
  const { state } = step;
  const isOwn = id !== state.turn?.promptId && state.turn?.steerIds.includes(id) !== true;
  const change = {
    ...(state.model === undefined && model !== undefined ? { model: `${model.providerID}/${model.modelID}` } : {}),
    ...(agent !== undefined && agent !== state.mode && (state.mode === undefined || isOwn) ? { mode: agent } : {}),
  };
  if (Object.keys(change).length === 0) return;
  update(step, change);
  step.reports.push({ type: 'session.configured', ...change, by: 'agent' });
}

function applyPart(step: Step, part: NativePart): void {
  const message = step.state.messages[part.messageID];
  if (step.state.turn === undefined || message === undefined) return;
  if (part.type === 'compaction') return tell(step, 'OpenCode summarises the conversation to make room.');
  if (message.role === 'user' || message.isSummary) return;
  if (part.type === 'text' || part.type === 'reasoning' || part.type === 'tool') updateTurn(step, { blanks: 0 });
  if (part.type === 'text' || part.type === 'reasoning') return applyText(step, part);
  if (part.type !== 'tool') return;
  applyTool(step, part);
  linkChild(step, part);
}

function applyTodos(step: Step, todos: readonly { content: string; status: string }[]): void {
  const { turn } = step.state;
  if (turn === undefined) return;
  const entries = todos
    .filter((todo) => todo.status !== 'cancelled')
    .map((todo) => ({ title: todo.content, status: toPlanStatus(todo.status) }));
  step.reports.push({ type: 'plan.updated', turnId: turn.turnId, entries });
}

function toPlanStatus(status: string): 'pending' | 'in-progress' | 'completed' {
  if (status === 'in_progress') return 'in-progress';
  return status === 'completed' ? 'completed' : 'pending';
}
