import { z } from 'zod';
import { answersSchema } from '../approval.ts';
import { questionIdSchema } from '../id.ts';

export const questionAnswerCommandSchema = z.strictObject({
  type: z.literal('question.answer'),
  questionId: questionIdSchema,
  answers: answersSchema,
});
export type QuestionAnswerCommand = z.infer<typeof questionAnswerCommandSchema>;
