import { z } from 'zod';

export const FINDING_STATUSES = ['good', 'advice', 'bad'] as const;

/** What a look at one place found. `mend` says how, wherever something is wrong. */
export const findingSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** `advice` works and could be better; `bad` does not until it is mended. */
  status: z.enum(FINDING_STATUSES),
  detail: z.string(),
  mend: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;
