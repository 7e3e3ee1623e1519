import { z } from 'zod';
import { answersSchema } from '../approval.ts';
import { questionIdSchema } from '../id.ts';

export const questionAnsweredEventSchema = z.object({
  type: z.literal('question.answered'),
  questionId: questionIdSchema,
  answers: answersSchema,
  by: z.string(),
});
export type QuestionAnsweredEvent = z.infer<typeof questionAnsweredEventSchema>;
