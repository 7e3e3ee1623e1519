import { z } from 'zod';
import { sessionIdSchema } from './id.ts';

const days = z.int().min(1).max(36_500);

/** What may go by itself, and when. A rule that is absent does nothing: by default nothing is ever archived or deleted. */
export const retentionSchema = z.strictObject({
  /** Sessions in which nothing happened for so long are archived; never one that works, waits, or asks something. */
  archiveAfterDays: days.optional(),
  /** Archived sessions in which nothing happened for so long are deleted, for good. */
  deleteArchivedAfterDays: days.optional(),
  /** Messages of agents that Baton did not understand (`raw.received`) lose their content after so long; they stay in the log. */
  keepRawDays: days.optional(),
});
export type Retention = z.infer<typeof retentionSchema>;

const named = z.object({ sessionId: sessionIdSchema, title: z.string() });

/** What a run of the rules did, or would do. */
export const retentionReportSchema = z.object({
  at: z.iso.datetime(),
  dryRun: z.boolean(),
  archived: z.array(named),
  deleted: z.array(named),
  /** Sessions that could not be archived or deleted, and why; the next run tries again. */
  failed: z.array(named.extend({ problem: z.string() })),
  raw: z.object({ events: z.int(), bytes: z.number() }),
});
export type RetentionReport = z.infer<typeof retentionReportSchema>;
