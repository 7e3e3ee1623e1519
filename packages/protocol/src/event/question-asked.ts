import { z } from 'zod';
import { questionRequestSchema } from '../approval.ts';

/** Open until `question.answered` or `question.withdrawn`, exactly one of which follows. */
export const questionAskedEventSchema = questionRequestSchema.extend({ type: z.literal('question.asked') });
export type QuestionAskedEvent = z.infer<typeof questionAskedEventSchema>;
