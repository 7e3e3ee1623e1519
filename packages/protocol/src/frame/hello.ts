import { z } from 'zod';

/** The first frame of a connection. `protocol` is the version the client speaks. */
export const helloFrameSchema = z.object({
  type: z.literal('hello'),
  protocol: z.coerce.number().int(),
  client: z.union([z.string(), z.looseObject({ name: z.string() })]),
});
export type HelloFrame = z.infer<typeof helloFrameSchema>;
