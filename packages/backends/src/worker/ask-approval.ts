import { type ApprovalId, type ApprovalOption, type ItemId, type ToolCallItem, createId } from '@baton/protocol';
import type { ApprovalAnswer } from '@baton/core';
import { applyGrant, decideApproval, type Need, toModeAfterPlan } from './approve.ts';
import { toRisk } from './command-risk.ts';
import type { TurnState } from './state.ts';

export interface ApprovalQuestion {
  itemId: ItemId;
  item: ToolCallItem;
  need: Need;
  options: ApprovalOption[];
}

export type ApprovalOutcome = { type: 'allowed'; input: unknown } | { type: 'denied'; text: string };

/** Asks the user and waits as long as it takes. An interrupted turn withdraws the request. */
export async function askApproval(turn: TurnState, question: ApprovalQuestion): Promise<ApprovalOutcome> {
  const approvalId = createId('approval');
  const { conversation } = turn.session;
  const covered = new AbortController();
  const check = (): void => {
    if (decideApproval(question.need, turn.session.mode, turn.session.grants).type === 'allow') covered.abort();
  };
  turn.session.onGrant.add(check);
  const answer = turn.session.approvals.wait(approvalId, AbortSignal.any([turn.signal, covered.signal]));
  try {
    await conversation.report(toRequest(turn, approvalId, question));
    return await take(turn, question, await answer);
  } catch (error) {
    // Rejected by one of the two signals: the turn is over, or another answer allowed this as well.
    await answer.catch(() => undefined);
    if (!turn.signal.aborted && !covered.signal.aborted) throw error;
    const reason = turn.signal.aborted ? 'The turn was interrupted' : 'Allowed by the answer to another request';
    await conversation.report({ type: 'approval.withdrawn', approvalId, reason });
    turn.signal.throwIfAborted();
    return { type: 'allowed', input: undefined };
  } finally {
    turn.session.onGrant.delete(check);
  }
}

function toRequest({ turnId }: TurnState, approvalId: ApprovalId, { itemId, item, need, options }: ApprovalQuestion) {
  const risk = toRisk(need);
  return {
    type: 'approval.requested' as const,
    approvalId,
    turnId,
    itemId,
    title: item.title,
    action: { kind: item.kind, tool: item.tool, input: item.input },
    options,
    ...(risk === undefined ? {} : { risk }),
  };
}

async function take(
  { session }: TurnState,
  { need }: ApprovalQuestion,
  answer: ApprovalAnswer,
): Promise<ApprovalOutcome> {
  if (answer.option === 'deny') return { type: 'denied', text: toDenial(answer.note) };
  session.grants = applyGrant(session.grants, answer.option, need);
  for (const check of session.onGrant) check();
  const mode = need.type === 'plan' ? toModeAfterPlan(answer.option) : undefined;
  if (mode !== undefined) {
    session.mode = mode;
    await session.conversation.report({ type: 'session.configured', mode, by: 'agent' });
  }
  return { type: 'allowed', input: answer.input };
}

const toDenial = (note: string | undefined): string =>
  note === undefined || note.trim() === ''
    ? 'The user denied this call.'
    : `The user denied this call and says: ${note.trim()}`;
