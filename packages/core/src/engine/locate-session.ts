import { AppError, type Command, type SessionId } from '@baton/protocol';
import type { EventStore } from '../ports/event-store.ts';

/** The session a command is for; an answer names only its approval or question. */
export async function locateSession(store: EventStore, command: Command): Promise<SessionId> {
  switch (command.type) {
    case 'approval.answer': {
      const view = await store.readApproval(command.approvalId);
      if (view === undefined) throw new AppError('not-found', `There is no approval "${command.approvalId}"`);
      return view.sessionId;
    }
    case 'question.answer': {
      const view = await store.readQuestion(command.questionId);
      if (view === undefined) throw new AppError('not-found', `There is no question "${command.questionId}"`);
      return view.sessionId;
    }
    case 'session.create':
      if (command.sessionId === undefined) throw new AppError('invalid-input', 'A new session needs an id');
      return command.sessionId;
    default:
      return command.sessionId;
  }
}
