import type { Append, EventStore } from '@baton/core';
import {
  type ApprovalId,
  type CommandId,
  type ItemId,
  isAppError,
  type QuestionId,
  type SessionEvent,
  type SessionId,
  type SessionView,
  type TurnId,
} from '@baton/protocol';

/** Ids in words: `session('one')` is `ses_one`. */
export const session = (name: string) => `ses_${name}` as SessionId;
export const item = (name: string) => `itm_${name}` as ItemId;
export const approval = (name: string) => `apr_${name}` as ApprovalId;
export const question = (name: string) => `qst_${name}` as QuestionId;
export const command = (name: string) => `cmd_${name}` as CommandId;
const TURN = 'trn_one' as TurnId;

/** A moment so many seconds after the suite's own beginning of time. */
export function moment(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
}

export function sampleView(view: Partial<SessionView> & { id: SessionId }): SessionView {
  return {
    title: 'Mend the parser',
    backend: 'claude',
    cwd: '/home/ada/parser',
    state: 'stopped',
    archived: false,
    seq: 0,
    queue: [],
    pending: { approvals: [], questions: [] },
    usage: { inputTokens: 0, outputTokens: 0 },
    createdAt: moment(0),
    updatedAt: moment(0),
    ...view,
  };
}

export interface SampleAppend extends Partial<Omit<Append, 'view'>> {
  sessionId: SessionId;
  /** What of the view matters to the test. */
  view?: Partial<SessionView>;
}

export function sampleAppend({ sessionId, view = {}, ...given }: SampleAppend): Append {
  const { expectedSeq = 0, at = moment(0), events = [notice('hello')] } = given;
  const seq = expectedSeq + events.length;
  return { ...given, sessionId, expectedSeq, at, events, view: sampleView({ ...view, id: sessionId, seq }) };
}

export function notice(text: string): SessionEvent {
  return { type: 'notice.raised', level: 'info', text };
}

export function itemEnded(itemId: ItemId): SessionEvent {
  return { type: 'item.ended', itemId, item: { type: 'agent-message', text: 'done' } };
}

export function turnEnded(): SessionEvent {
  return { type: 'turn.ended', turnId: TURN, outcome: 'completed', durationMs: 5 };
}

export function approvalRequested(name: string): SessionEvent {
  return {
    type: 'approval.requested',
    approvalId: approval(name),
    turnId: TURN,
    title: 'npm test',
    action: { kind: 'execute', tool: 'Bash', input: { command: 'npm test', timeout: null } },
    options: [{ id: 'yes', title: 'Allow', kind: 'allow-once' }],
  };
}

export function approvalAnswered(name: string, note?: string): SessionEvent {
  const said = note === undefined ? {} : { note };
  return { type: 'approval.answered', approvalId: approval(name), option: 'yes', ...said, by: 'ada', via: 'user' };
}

export function approvalWithdrawn(name: string): SessionEvent {
  return { type: 'approval.withdrawn', approvalId: approval(name), reason: 'the turn was interrupted' };
}

export function questionAsked(name: string): SessionEvent {
  const asked = {
    id: 'q1',
    question: 'Which one?',
    multiSelect: false,
    options: [{ label: 'This' }, { label: 'That' }],
  };
  return { type: 'question.asked', questionId: question(name), turnId: TURN, questions: [asked] };
}

export function questionAnswered(name: string): SessionEvent {
  return { type: 'question.answered', questionId: question(name), answers: { q1: 'This' }, by: 'ada' };
}

export function questionWithdrawn(name: string): SessionEvent {
  return { type: 'question.withdrawn', questionId: question(name), reason: 'the agent ended' };
}

/** All events of a session, without what the store adds. */
export async function readAll(store: EventStore, sessionId: SessionId): Promise<SessionEvent[]> {
  const recorded = await store.readEvents(sessionId, { after: 0, limit: 10_000 });
  return recorded.map(({ event }) => event);
}

/** `ok`, or the kind of the refusal. */
export async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: unknown) => (isAppError(error) ? error.kind : String(error)),
  );
}
