import { z } from 'zod';
import { caughtUpFrameSchema } from './caught-up.ts';
import { deltaFrameSchema } from './delta.ts';
import { errorFrameSchema } from './error.ts';
import { eventFrameSchema } from './event.ts';
import { pongFrameSchema } from './pong.ts';
import { receiptFrameSchema } from './receipt.ts';
import { resetFrameSchema } from './reset.ts';
import { watchedFrameSchema } from './topic.ts';
import { welcomeFrameSchema } from './welcome.ts';

/** Everything a server may send over the live socket. */
export const downFrameSchema = z.discriminatedUnion('type', [
  welcomeFrameSchema,
  eventFrameSchema,
  deltaFrameSchema,
  caughtUpFrameSchema,
  receiptFrameSchema,
  watchedFrameSchema,
  resetFrameSchema,
  errorFrameSchema,
  pongFrameSchema,
]);
export type DownFrame = z.infer<typeof downFrameSchema>;
