import { z } from 'zod';
import { approvalViewSchema, questionViewSchema, answersSchema } from '../approval.ts';
import { approvalAnswerCommandSchema } from '../command/approval-answer.ts';
import { approvalIdSchema, questionIdSchema } from '../id.ts';
import { defineRoute } from './route.ts';

const inboxQuery = z.object({
  state: z.enum(['pending', 'answered', 'withdrawn']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
});

export const listApprovals = defineRoute({
  method: 'GET',
  path: '/approvals',
  summary: 'Approvals across sessions, newest first',
  query: inboxQuery,
  status: 200,
  response: z.object({ items: z.array(approvalViewSchema), cursor: z.string().optional() }),
});

export const answerApproval = defineRoute({
  method: 'POST',
  path: '/approvals/:id/answer',
  summary: 'Answer with one of the offered option ids; the first answer wins',
  params: z.object({ id: approvalIdSchema }),
  body: approvalAnswerCommandSchema.omit({ type: true, approvalId: true }),
  status: 200,
  response: approvalViewSchema,
});

export const listQuestions = defineRoute({
  method: 'GET',
  path: '/questions',
  summary: 'Questions of agents across sessions, newest first',
  query: inboxQuery,
  status: 200,
  response: z.object({ items: z.array(questionViewSchema), cursor: z.string().optional() }),
});

export const answerQuestion = defineRoute({
  method: 'POST',
  path: '/questions/:id/answer',
  summary: 'Answer what an agent asked',
  params: z.object({ id: questionIdSchema }),
  body: z.strictObject({ answers: answersSchema }),
  status: 200,
  response: questionViewSchema,
});
