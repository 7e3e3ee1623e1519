import type { SessionEvent } from '@baton/protocol';
import { LogAuditor } from './log-auditor.ts';
import type { SessionState } from './state.ts';

/**
 * What is broken in a log and the state it led to, as `I<number>: <what>`; empty when all holds. The numbers are those of
 * SPEC.md. Used by the random walks and by `baton doctor`; reads the log afresh, without `evolve`.
 */
export function checkInvariants(log: readonly SessionEvent[], state: SessionState): string[] {
  const auditor = new LogAuditor();
  for (const [index, event] of log.entries()) auditor.take(event, index);
  return [...auditor.faults, ...auditState(log, state, auditor)];
}

function auditState(log: readonly SessionEvent[], state: SessionState, audit: LogAuditor): string[] {
  if (state.status === 'none') return log.length === 0 ? [] : ['I1: a log without a session'];
  const openInState = [
    ...state.items.map((each) => each.itemId),
    ...state.approvals.map((each) => each.approvalId),
    ...state.questions.map((each) => each.questionId),
  ];
  const faults: string[] = [];
  if (state.seq !== log.length) faults.push(`I1: seq is ${state.seq} after ${log.length} events`);
  if (state.turn?.turnId !== audit.running)
    faults.push(`I13: the state runs ${state.turn?.turnId}, the log ${audit.running}`);
  if (!sameMembers(openInState, audit.open))
    faults.push('I13: what the state holds open is not what the log holds open');
  const waiting = state.queue.map((each) => each.turnId);
  if (waiting.join() !== audit.queue.join()) faults.push('I13: the queue of the state is not that of the log');
  return faults;
}

function sameMembers(left: readonly string[], right: ReadonlySet<string>): boolean {
  return left.length === right.size && left.every((each) => right.has(each));
}
