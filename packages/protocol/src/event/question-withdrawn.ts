import { z } from 'zod';
import { questionIdSchema } from '../id.ts';

export const questionWithdrawnEventSchema = z.object({
  type: z.literal('question.withdrawn'),
  questionId: questionIdSchema,
  reason: z.string(),
});
export type QuestionWithdrawnEvent = z.infer<typeof questionWithdrawnEventSchema>;
