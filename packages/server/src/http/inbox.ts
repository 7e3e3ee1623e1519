import type { Engine } from '@baton/core';
import { unwrap, type Handlers } from './register.ts';

type InboxHandlers = Pick<Handlers, 'listApprovals' | 'answerApproval' | 'listQuestions' | 'answerQuestion'>;

export function createInboxHandlers(engine: Engine): InboxHandlers {
  return {
    listApprovals: ({ query }) => engine.listApprovals(query),
    async answerApproval({ params, body, actor, commandId }) {
      const command = { type: 'approval.answer' as const, approvalId: params.id, ...body };
      return unwrap(await engine.execute(command, { commandId: commandId(), actor }));
    },
    listQuestions: ({ query }) => engine.listQuestions(query),
    async answerQuestion({ params, body, actor, commandId }) {
      const command = { type: 'question.answer' as const, questionId: params.id, answers: body.answers };
      return unwrap(await engine.execute(command, { commandId: commandId(), actor }));
    },
  };
}
