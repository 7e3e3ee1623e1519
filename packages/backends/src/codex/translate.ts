import type { ToolStatus } from '@baton/protocol';
import { type TranslateContext, runStep, update } from '../agent/step.ts';
import { applyAgentActivity, applyAgentCall, endAgent, isAnyAgentWorking, noteAgent } from './agent.ts';
import { askCommand, askFileChange, askMcpTool, askPermissions } from './approve.ts';
import { toFailure, toTrouble } from './failure.ts';
import { askForm, askUser } from './question.ts';
import { tell, tellLimit, tellMcpServer } from './news.ts';
import { toItemInput } from './stored-prompt.ts';
import { type CodexState, type Step, type Translation, toKey } from './state.ts';
import { type TextPlace, endText, endTexts, extendText, orphanTexts, startText } from './text.ts';
import { endTool, extendTool, startTool } from './tool-call.ts';
import { toTitle } from './command-text.ts';
import { type ToolItem, toShownItem, toToolOutput, toToolStatus } from './tool-item.ts';
import { ensureTurn, tellOnce } from './turn.ts';
import { endTurn, withdrawPrompts } from './turn-end.ts';
import { keepUsage, noteUsage } from './usage.ts';
import type { ForeignItem, Notice, RequestId, ServerRequest } from './wire.ts';

/**
 * One notice of Codex about one of this session's threads as reports. Pure: state and notice in, state and reports out;
 * ids and time come with the context. Never throws, whatever the order of notices.
 */
export function translate(state: CodexState, notice: Notice, context: TranslateContext): Translation {
  return runStep(state, context, (step) => apply(step, notice));
}

/** The same for something that Codex asks. `isRefused`: nobody can be asked this, and the answer is no. */
export function translateRequest(
  state: CodexState,
  asked: { requestId: RequestId; request: ServerRequest },
  context: TranslateContext,
): Translation & { isRefused: boolean } {
  let isRefused = false;
  const translation = runStep(state, context, (step) => {
    isRefused = !applyRequest(step, asked.requestId, asked.request);
  });
  return { ...translation, isRefused };
}

function apply(step: Step, notice: Notice): void {
  switch (notice.method) {
    case 'turn/started':
      return startTurn(step, notice.params);
    case 'turn/completed':
      return completeTurn(step, notice.params);
    case 'item/started':
      return applyItem(step, { ...notice.params, isDone: false });
    case 'item/completed':
      return applyItem(step, { ...notice.params, isDone: true });
    case 'item/commandExecution/outputDelta':
      return extendTool(step, toKey(notice.params.threadId, notice.params.itemId), notice.params.delta);
    case 'thread/tokenUsage/updated':
      return noteUsage(step, notice.params);
    case 'turn/plan/updated':
      return notePlan(step, notice.params);
    case 'error':
      return noteError(step, notice.params);
    case 'serverRequest/resolved':
      return withdrawPrompts(
        step,
        (id) => id === notice.params.requestId,
        'It was answered elsewhere, or needs no answer any more',
      );
    default:
      return applyNews(step, notice);
  }
}

type News = Exclude<
  Notice,
  {
    method:
      | 'turn/started'
      | 'turn/completed'
      | 'item/started'
      | 'item/completed'
      | 'item/commandExecution/outputDelta'
      | 'thread/tokenUsage/updated'
      | 'turn/plan/updated'
      | 'error'
      | 'serverRequest/resolved';
  }
>;

function applyNews(step: Step, notice: News): void {
  switch (notice.method) {
    case 'item/agentMessage/delta':
    case 'item/plan/delta':
      return extendText(step, toTextPlace(notice.params, 'agent-message'), { delta: notice.params.delta });
    case 'item/reasoning/textDelta':
      return extendText(step, toTextPlace(notice.params, 'reasoning'), { delta: notice.params.delta });
    case 'item/reasoning/summaryTextDelta': {
      const { delta, summaryIndex: part } = notice.params;
      return extendText(step, toTextPlace(notice.params, 'reasoning'), { delta, part });
    }
    case 'warning':
    case 'guardianWarning':
      return tell(step, 'warning', notice.params.message);
    case 'model/rerouted': {
      const { fromModel, toModel } = notice.params;
      return tell(step, 'warning', `The provider answered with ${toModel} instead of ${fromModel}.`);
    }
    case 'mcpServer/startupStatus/updated':
      return tellMcpServer(step, notice.params);
    case 'account/rateLimits/updated':
      return tellLimit(step, notice.params.rateLimits);
    case 'thread/reverted':
      return keepUsage(step, notice.params.threadId);
    case 'configWarning':
    case 'thread/closed':
    case 'thread/archived':
    case 'thread/deleted':
    case 'thread/settings/updated':
      return;
  }
}

function toTextPlace({ threadId, itemId }: { threadId: string; itemId: string }, type: TextPlace['type']): TextPlace {
  return { threadId, itemId, type };
}

type Placed = { threadId: string; turnId: string };

type Started = Extract<Notice, { method: 'turn/started' }>['params'];

function startTurn(step: Step, { threadId, turn }: Started): void {
  if (threadId !== step.state.threadId) return noteAgent(step, threadId, { turn: turn.id });
  const { reviewing } = step.state;
  if (reviewing !== undefined && reviewing.turnId === turn.rootTurnId)
    return update(step, { reviewing: { ...reviewing, reviewer: turn.id } });
  // What one that nobody asked for is about is said next.
  if (step.state.turn === undefined) return update(step, { unasked: turn.id });
  noteBegun(step, turn.id);
}

function noteBegun(step: Step, nativeId: string): void {
  const { turn } = step.state;
  if (turn !== undefined) update(step, { turn: { ...turn, nativeId: turn.nativeId ?? nativeId, hasBegun: true } });
}

type Completed = Extract<Notice, { method: 'turn/completed' }>['params'];

function completeTurn(step: Step, { threadId, turn }: Completed): void {
  const open = step.state.turn;
  if (threadId !== step.state.threadId) {
    endTexts(step, (text) => text.threadId === threadId);
    endAgent(step, threadId, turn.status);
    // A turn that only subagents had is over with the last of them.
    if (open?.nativeId === undefined && !isPrompted(step) && !isAnyAgentWorking(step))
      endTurn(step, { outcome: 'completed' });
    return;
  }
  update(step, { unasked: undefined, reviewing: undefined });
  if (open === undefined || (open.nativeId !== undefined && open.nativeId !== turn.id)) return;
  if (open.nativeId === undefined) update(step, { turn: { ...open, nativeId: turn.id } });
  if (turn.status === 'failed') return endTurn(step, { outcome: 'failed', error: toFailure(turn.error) });
  return endTurn(step, { outcome: turn.status === 'interrupted' ? 'interrupted' : 'completed' });
}

// A turn of the user's that Codex has not taken yet has no name either, and must not be ended for a subagent.
const isPrompted = (step: Step): boolean => step.state.turn?.isPrompted === true;

type PlacedItem = Placed & { item: ForeignItem; isDone: boolean };

function applyItem(step: Step, placed: PlacedItem): void {
  const { item, isDone } = placed;
  switch (item.type) {
    case 'agentMessage':
    case 'plan': {
      if (item.type === 'agentMessage' && isDone && step.state.agents[placed.threadId] !== undefined)
        noteAgent(step, placed.threadId, { said: item.text });
      const place = toTextPlace({ ...placed, itemId: item.id }, 'agent-message');
      if (isDone) return endText(step, place, item.text);
      // What a reviewer writes is not for people; what became of it is told whole, as a message of its own.
      if (step.state.reviewing === undefined || item.text !== '') startText(step, place);
      return;
    }
    case 'reasoning':
      if (!isDone) return;
      return endText(
        step,
        toTextPlace({ ...placed, itemId: item.id }, 'reasoning'),
        (item.summary.length > 0 ? item.summary : item.content).join('\n\n'),
      );
    case 'collabAgentToolCall':
      return applyAgentCall(step, { ...placed, item });
    case 'subAgentActivity':
      return applyAgentActivity(step, { ...placed, item });
    default:
      return applyOtherItem(step, { ...placed, item });
  }
}

type OtherItem = Exclude<
  ForeignItem,
  { type: 'agentMessage' | 'plan' | 'reasoning' | 'collabAgentToolCall' | 'subAgentActivity' }
>;

function applyOtherItem(step: Step, placed: Placed & { item: OtherItem; isDone: boolean }): void {
  const { item, isDone } = placed;
  switch (item.type) {
    case 'contextCompaction':
      return isDone ? tell(step, 'info', 'The conversation was compacted.') : undefined;
    case 'enteredReviewMode':
      return isDone ? tell(step, 'info', `Codex reviews ${toTitle(item.review)}.`) : beginReview(step, placed);
    case 'userMessage':
      return isDone ? hearOther(step, { ...placed, item }) : undefined;
    case 'exitedReviewMode':
    case 'functionCallOutput':
    case 'hookPrompt':
      return;
    default:
      return applyTool(step, { ...placed, item });
  }
}

function beginReview(step: Step, { threadId, turnId }: Placed): void {
  if (threadId !== step.state.threadId) return;
  update(step, { reviewing: { turnId, reviewer: undefined } });
  if (step.state.turn !== undefined) return noteBegun(step, turnId);
  update(step, { unasked: turnId });
  ensureTurn(step);
}

type UserMessage = Extract<ForeignItem, { type: 'userMessage' }>;

// What Baton sends bears no name of its sender. Codex's own terminal program, in the same conversation, names itself.
function hearOther(step: Step, { threadId, item }: Placed & { item: UserMessage }): void {
  if (threadId !== step.state.threadId || item.clientId == null) return;
  const parts = toItemInput(item.content);
  if (parts.length === 0) return;
  if (step.state.turn === undefined) return void ensureTurn(step, parts);
  update(step, { turn: { ...step.state.turn, isSteered: true } });
  const itemId = step.context.createId('item');
  const said = { type: 'user-message' as const, parts };
  step.reports.push({ type: 'item.started', itemId, turnId: ensureTurn(step), item: said });
  step.reports.push({ type: 'item.ended', itemId, item: said });
}

function applyTool(step: Step, { threadId, turnId, item, isDone }: Placed & { item: ToolItem; isDone: boolean }): void {
  const key = toKey(threadId, item.id);
  const title = step.state.background[key];
  if (title !== undefined) return isDone ? endBackground(step, { key, title, item }) : undefined;
  // A command that was cut off tells its end after its turn, where it has been closed already.
  if (step.state.tools[key] === undefined && !isLive(step, { threadId, turnId })) return;
  const processId = item.type === 'commandExecution' ? (item.processId ?? undefined) : undefined;
  startTool(step, { threadId, foreignId: item.id, item: toShownItem(item, step.state.cwd), processId });
  if (!isDone) return;
  endTool(step, key, { status: toEndStatus(step, key, item), output: toToolOutput(item) });
}

// Codex calls everything that did not go well a failure.
function toEndStatus({ state }: Step, key: string, item: ToolItem): ToolStatus {
  const status = toToolStatus(item);
  if (state.denied.includes(key) && status !== 'completed') return 'denied';
  return state.turn?.isInterrupting === true && status === 'failed' ? 'interrupted' : status;
}

function isLive({ state }: Step, { threadId, turnId }: Placed): boolean {
  if (threadId !== state.threadId) return true;
  return state.turn !== undefined && (state.turn.nativeId ?? turnId) === turnId;
}

function endBackground(step: Step, { key, title, item }: { key: string; title: string; item: ToolItem }): void {
  const { [key]: _, ...background } = step.state.background;
  update(step, { background });
  const code = item.type === 'commandExecution' ? item.exitCode : undefined;
  tell(step, 'info', `Ended in the background${code == null ? '' : ` with code ${code}`}: ${title}`);
}

const PLAN_STATUSES: Readonly<Record<string, 'pending' | 'in-progress' | 'completed'>> = {
  inProgress: 'in-progress',
  completed: 'completed',
};

function notePlan(step: Step, { threadId, plan }: Extract<Notice, { method: 'turn/plan/updated' }>['params']): void {
  // A subagent keeps a list of its own, which is not the plan of the session.
  if (threadId !== step.state.threadId) return;
  const entries = plan.map((entry) => ({
    title: entry.step,
    status: PLAN_STATUSES[entry.status] ?? ('pending' as const),
  }));
  step.reports.push({ type: 'plan.updated', turnId: ensureTurn(step), entries });
}

type Trouble = Extract<Notice, { method: 'error' }>['params'];

function noteError(step: Step, { threadId, turnId, error, willRetry }: Trouble): void {
  if (!willRetry) return failUnbegun(step, { threadId, turnId, error });
  orphanTexts(step, threadId);
  const { status, text } = toTrouble(error);
  const why = status === undefined ? text : `status ${status}`;
  tellOnce(step, `retry ${status ?? ''}`, `The request to the model failed (${why}); Codex tries again.`);
}

// A turn that fails is told to be over. One that cannot even begin, as a review against a branch where there are none, is not.
function failUnbegun(step: Step, { threadId, turnId, error }: Omit<Trouble, 'willRetry'>): void {
  const { turn } = step.state;
  if (threadId !== step.state.threadId || turn === undefined || turn.hasBegun) return;
  if ((turn.nativeId ?? turnId) === turnId) endTurn(step, { outcome: 'failed', error: toFailure(error) });
}

function applyRequest(step: Step, requestId: RequestId, request: ServerRequest): boolean {
  switch (request.method) {
    case 'item/commandExecution/requestApproval':
      askCommand(step, requestId, request.params);
      return true;
    case 'item/fileChange/requestApproval':
      askFileChange(step, requestId, request.params);
      return true;
    case 'item/permissions/requestApproval':
      askPermissions(step, requestId, request.params);
      return true;
    case 'item/tool/requestUserInput':
      askUser(step, requestId, request.params);
      return true;
    case 'mcpServer/elicitation/request':
      if (request.params._meta?.codex_approval_kind === undefined) return askForm(step, requestId, request.params);
      askMcpTool(step, requestId, request.params);
      return true;
  }
}
