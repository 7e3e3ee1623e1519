import { z } from 'zod';

export const STOP_REASONS = [
  /** It had nothing to do for long, and nobody watched. */
  'unused',
  /** It had nothing to do, and another agent waited for its place. */
  'room',
  /** Nobody watched for as long as the session's `stopUnwatchedMinutes` says. */
  'unwatched',
  /** It had nothing to do, and its conversation went on in its own program, of which it would not have known. */
  'elsewhere',
] as const;
export const stopReasonSchema = z.enum(STOP_REASONS);
export type StopReason = z.infer<typeof stopReasonSchema>;

/** The agent process is to be ended; `agent.exited` follows. */
export const sessionStopRequestedEventSchema = z.object({
  type: z.literal('session.stop-requested'),
  /** Why Baton itself ended it; absent when somebody asked. */
  reason: stopReasonSchema.optional(),
  by: z.string(),
});
export type SessionStopRequestedEvent = z.infer<typeof sessionStopRequestedEventSchema>;
