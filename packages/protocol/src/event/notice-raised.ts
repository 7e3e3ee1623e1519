import { z } from 'zod';

export const noticeRaisedEventSchema = z.object({
  type: z.literal('notice.raised'),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type NoticeRaisedEvent = z.infer<typeof noticeRaisedEventSchema>;
