import { z } from 'zod';
import { approvalIdSchema, itemIdSchema, questionIdSchema, sessionIdSchema, turnIdSchema } from './id.ts';
import { toolKindSchema } from './item.ts';

export const approvalOptionSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['allow-once', 'allow-always', 'deny-once', 'deny-always']),
  /** Whether a note given with this option reaches the agent. */
  takesNote: z.boolean().optional(),
});
export type ApprovalOption = z.infer<typeof approvalOptionSchema>;

export const approvalActionSchema = z.object({ kind: toolKindSchema, tool: z.string(), input: z.unknown() });

export const riskSchema = z.object({ level: z.enum(['low', 'medium', 'high']), reasons: z.array(z.string()) });
export type Risk = z.infer<typeof riskSchema>;

/** `title` is the real command or path, never a summary of it. */
export const approvalRequestSchema = z.object({
  approvalId: approvalIdSchema,
  turnId: turnIdSchema,
  itemId: itemIdSchema.optional(),
  title: z.string(),
  action: approvalActionSchema,
  options: z.array(approvalOptionSchema).min(1),
  risk: riskSchema.optional(),
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

export const questionSchema = z.object({
  id: z.string(),
  question: z.string(),
  header: z.string().optional(),
  multiSelect: z.boolean(),
  options: z.array(z.object({ label: z.string(), description: z.string().optional() })),
});
export type Question = z.infer<typeof questionSchema>;

export const questionRequestSchema = z.object({
  questionId: questionIdSchema,
  turnId: turnIdSchema,
  itemId: itemIdSchema.optional(),
  questions: z.array(questionSchema).min(1),
});
export type QuestionRequest = z.infer<typeof questionRequestSchema>;

/** Keyed by the question's `id` or by its text; an array for a question with `multiSelect`. Any free text is an answer. */
export const answersSchema = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
export type Answers = z.infer<typeof answersSchema>;

const inboxState = z.enum(['pending', 'answered', 'withdrawn']);
export type InboxState = z.infer<typeof inboxState>;

export const approvalViewSchema = approvalRequestSchema.extend({
  id: approvalIdSchema,
  sessionId: sessionIdSchema,
  state: inboxState,
  requestedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  option: z.string().optional(),
  note: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});
export type ApprovalView = z.infer<typeof approvalViewSchema>;

export const questionViewSchema = questionRequestSchema.extend({
  id: questionIdSchema,
  sessionId: sessionIdSchema,
  state: inboxState,
  askedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  answers: answersSchema.optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});
export type QuestionView = z.infer<typeof questionViewSchema>;
