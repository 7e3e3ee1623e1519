import { z } from 'zod';
import { commandFrameSchema } from './command.ts';
import { helloFrameSchema } from './hello.ts';
import { pingFrameSchema } from './ping.ts';
import { subscribeFrameSchema } from './subscribe.ts';
import { unsubscribeFrameSchema } from './unsubscribe.ts';
import { unwatchFrameSchema } from './unwatch.ts';
import { watchFrameSchema } from './watch.ts';

/** Everything a client may send over the live socket. */
export const upFrameSchema = z.discriminatedUnion('type', [
  helloFrameSchema,
  subscribeFrameSchema,
  unsubscribeFrameSchema,
  watchFrameSchema,
  unwatchFrameSchema,
  commandFrameSchema,
  pingFrameSchema,
]);
export type UpFrame = z.infer<typeof upFrameSchema>;
/** A frame before parsing: defaults may be absent and `input` may be a plain string. */
export type UpFrameInput = z.input<typeof upFrameSchema>;
