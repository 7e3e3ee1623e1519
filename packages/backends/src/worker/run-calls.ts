import {
  AppError,
  type ItemId,
  type ToolCallItem,
  type ToolOutput,
  createId,
  isAppError,
  parseJson,
} from '@baton/protocol';
import { decideApproval } from './approve.ts';
import { askApproval } from './ask-approval.ts';
import type { RequestedCall } from './request-reply.ts';
import type { TurnState } from './state.ts';
import { failed, type PreparedCall, type ToolContext, type ToolOutcome, type WorkerTool } from './tools/tool.ts';
import { TOOLS } from './tools/tool-list.ts';

/** A call that stands in the log, ready to be made or refused. */
interface StartedCall {
  itemId: ItemId;
  tool: WorkerTool | undefined;
  item: ToolCallItem;
  prepared: PreparedCall | { problem: string };
}

/**
 * Makes the calls of one reply, at the same time where they do not disturb each other. All start in the log before the
 * first ends, and every one of them ends, also when the turn is interrupted.
 */
export async function runCalls(turn: TurnState, calls: readonly RequestedCall[]): Promise<void> {
  const started: StartedCall[] = [];
  for (const call of calls) started.push(await prepare(turn, call));
  for (const { itemId, item } of started) {
    await turn.session.conversation.report({ type: 'item.started', turnId: turn.turnId, itemId, item });
  }
  await Promise.all(started.map((call) => runCall(turn, call)));
  turn.signal.throwIfAborted();
}

async function prepare(turn: TurnState, { name, json }: RequestedCall): Promise<StartedCall> {
  const { session } = turn;
  const tool = TOOLS.find((known) => known.name === name && known.isOffered(session.mode));
  const parsed = parseJson(json.trim() === '' ? '{}' : json);
  const input = parsed.ok ? parsed.value : { unreadable: json };
  const prepared = parsed.ok
    ? await prepareInput(turn, tool, { name, input })
    : { problem: `The input of ${name} is no JSON: ${parsed.reason}` };
  const isAsked = 'need' in prepared && decideApproval(prepared.need, session.mode, session.grants).type === 'ask';
  const item: ToolCallItem = {
    type: 'tool-call',
    tool: name,
    title: 'title' in prepared ? prepared.title : name,
    kind: tool?.kind ?? 'other',
    input,
    status: isAsked ? 'pending' : 'running',
    ...('locations' in prepared && prepared.locations.length > 0 ? { locations: prepared.locations } : {}),
    startedAt: toTime(turn),
  };
  return { itemId: createId('item'), tool, item, prepared };
}

async function prepareInput(
  { session }: TurnState,
  tool: WorkerTool | undefined,
  { name, input }: { name: string; input: unknown },
): Promise<PreparedCall | { problem: string }> {
  if (tool === undefined) {
    const offered = TOOLS.filter((known) => known.isOffered(session.mode)).map((known) => known.name);
    return { problem: `There is no tool "${name}". There are: ${offered.join(', ')}.` };
  }
  try {
    return await tool.prepare(input, session.scope);
  } catch (error) {
    if (isAppError(error)) return { problem: error.message };
    throw error;
  }
}

const toTime = ({ session }: TurnState): string => new Date(session.clock.now()).toISOString();

async function runCall(turn: TurnState, call: StartedCall): Promise<void> {
  let ended: ToolCallItem;
  try {
    ended = await settle(turn, call);
  } catch (error) {
    ended = { ...call.item, status: turn.signal.aborted ? 'interrupted' : 'failed', ...toProblemOutput(turn, error) };
  }
  const item: ToolCallItem = { ...ended, endedAt: toTime(turn) };
  await turn.session.conversation.report({ type: 'item.ended', itemId: call.itemId, item });
}

function toProblemOutput({ signal }: TurnState, error: unknown): { output?: ToolOutput[] } {
  if (signal.aborted) return {};
  return failed(isAppError(error) || error instanceof Error ? error.message : String(error));
}

async function settle(turn: TurnState, call: StartedCall): Promise<ToolCallItem> {
  const { item, prepared } = call;
  if ('problem' in prepared) return { ...item, ...failed(prepared.problem) };
  const verdict = decideApproval(prepared.need, turn.session.mode, turn.session.grants);
  if (verdict.type === 'refuse') return { ...item, ...failed(verdict.reason), status: 'denied' };
  if (verdict.type === 'allow') return { ...item, ...(await make(turn, call, prepared)) };
  const answer = await askApproval(turn, { itemId: call.itemId, item, need: prepared.need, options: verdict.options });
  if (answer.type === 'denied') return { ...item, ...failed(answer.text), status: 'denied' };
  if (answer.input === undefined) return { ...item, ...(await make(turn, call, prepared)) };
  return makeChanged(turn, call, answer.input);
}

// What the user wrote into the approval is what runs, and what the model is told.
async function makeChanged(turn: TurnState, call: StartedCall, input: unknown): Promise<ToolCallItem> {
  const changed = await prepareInput(turn, call.tool, { name: call.item.tool, input });
  if ('problem' in changed) throw new AppError('invalid-input', changed.problem);
  const outcome = await make(turn, call, changed);
  const note: ToolOutput = { type: 'text', text: 'The user changed the input before it ran.' };
  return { ...call.item, input, title: changed.title, status: outcome.status, output: [note, ...outcome.output] };
}

async function make(
  turn: TurnState,
  call: StartedCall,
  prepared: PreparedCall,
): Promise<Pick<ToolCallItem, 'status'> & { output: ToolOutput[] }> {
  turn.signal.throwIfAborted();
  const run = (): Promise<ToolOutcome> => prepared.run(toContext(turn, call.itemId));
  const outcome = await (prepared.need.type === 'edit' ? inOrder(turn, run) : run());
  return turn.signal.aborted && outcome.status === 'failed' ? { ...outcome, status: 'interrupted' } : outcome;
}

// Two edits of one file at the same time would lose one of them.
function inOrder<T>({ session }: TurnState, run: () => Promise<T>): Promise<T> {
  const result = session.edits.then(run);
  session.edits = result.catch(() => undefined);
  return result;
}

function toContext(turn: TurnState, itemId: ItemId): ToolContext {
  const { session, turnId, signal } = turn;
  const { conversation } = session;
  return {
    scope: session.scope,
    signal,
    runCommand: session.runCommand,
    onOutput: (text) => void conversation.report({ type: 'item.delta', itemId, field: 'output', text }),
    setPlan: (entries) => conversation.report({ type: 'plan.updated', turnId, entries }),
    ask: async (questions) => {
      const questionId = createId('question');
      const answers = session.questions.wait(questionId, signal);
      await conversation.report({ type: 'question.asked', questionId, turnId, itemId, questions });
      try {
        return await answers;
      } catch (error) {
        await conversation.report({ type: 'question.withdrawn', questionId, reason: 'The turn was interrupted' });
        throw error;
      }
    },
  };
}
