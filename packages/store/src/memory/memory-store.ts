import type { Append, Draft, EventStore, InboxQuery, ReadOptions, SessionQuery } from '@baton/core';
import {
  AppError,
  type ApprovalView,
  type CommandId,
  type QuestionView,
  type SessionId,
  type SessionView,
  sessionIdSchema,
} from '@baton/protocol';
import { encodeAppend } from '../encoded-append.ts';
import { readStoredJson } from '../stored-json.ts';
import { applyAppend, applyDelete, applyDrafts } from './append.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';
import { listInbox, listSessions, listUnsettled, readDrafts, readEvents, readInbox } from './read.ts';

/** A store that forgets everything with the process: for tests and for trying things out. Same contract, no disk. */
export function createMemoryStore(): EventStore {
  return new MemoryStore();
}

// Methods are async so that every refusal is a rejection; each does its whole work before it first yields.
class MemoryStore implements EventStore {
  #log: MemoryLog | undefined = createMemoryLog();

  get #open(): MemoryLog {
    if (this.#log) return this.#log;
    throw new AppError('shutting-down', 'Cannot use the event log: it is closed because the server is stopping');
  }

  async append(append: Append) {
    const log = this.#open;
    const encoded = encodeAppend(append);
    applyAppend(log, encoded);
    return encoded.recorded;
  }

  async readEvents(sessionId: SessionId, options: ReadOptions) {
    return readEvents(this.#open, sessionId, options);
  }

  async readLastSeq(sessionId: SessionId) {
    return this.#open.sessions.get(sessionId)?.events.length ?? 0;
  }

  async readReceipt(commandId: CommandId) {
    const text = this.#open.receipts.get(commandId);
    return text === undefined ? undefined : readStoredJson<unknown>(text);
  }

  async readView(sessionId: SessionId) {
    const session = this.#open.sessions.get(sessionId);
    return session && readStoredJson<SessionView>(session.view);
  }

  async readEnv(sessionId: SessionId) {
    return readStoredJson<Record<string, string>>(this.#open.sessions.get(sessionId)?.env ?? '{}');
  }

  async readMark(sessionId: SessionId) {
    const mark = this.#open.sessions.get(sessionId)?.mark;
    return mark && { ...mark };
  }

  async listSessions(query: SessionQuery) {
    return listSessions(this.#open, query);
  }

  async listApprovals(query: InboxQuery) {
    return listInbox<ApprovalView>(this.#open, 'approval', query);
  }

  async readApproval(approvalId: string) {
    return readInbox<ApprovalView>(this.#open, 'approval', approvalId);
  }

  async listQuestions(query: InboxQuery) {
    return listInbox<QuestionView>(this.#open, 'question', query);
  }

  async readQuestion(questionId: string) {
    return readInbox<QuestionView>(this.#open, 'question', questionId);
  }

  async listUnsettled() {
    return listUnsettled(this.#open).map((id) => sessionIdSchema.parse(id));
  }

  async saveDrafts(sessionId: SessionId, drafts: readonly Draft[]) {
    applyDrafts(this.#open, sessionId, drafts);
  }

  async readDrafts(sessionId: SessionId) {
    return readDrafts(this.#open, sessionId);
  }

  async deleteSession(sessionId: SessionId) {
    applyDelete(this.#open, sessionId);
  }

  async close() {
    this.#log = undefined;
  }
}
