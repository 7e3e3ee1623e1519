import { z } from 'zod';
import { recordedEventSchema } from '../event/event.ts';

export const eventFrameSchema = recordedEventSchema.extend({ type: z.literal('event') });
export type EventFrame = z.infer<typeof eventFrameSchema>;
