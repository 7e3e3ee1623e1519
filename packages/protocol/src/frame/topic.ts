import { z } from 'zod';
import { approvalViewSchema, questionViewSchema } from '../approval.ts';
import { sessionIdSchema } from '../id.ts';
import { serverStatusSchema } from '../server-status.ts';
import { sessionViewSchema } from '../session.ts';

/** What sessions do. */
export const topicNameSchema = z.enum(['sessions', 'approvals', 'notices']);
export type TopicName = z.infer<typeof topicNameSchema>;
/** Beside those, `server`: how the server itself does, measured about once a second and only while somebody watches. */
export const watchedNameSchema = z.enum([...topicNameSchema.options, 'server']);
export type WatchedName = z.infer<typeof watchedNameSchema>;

/** A snapshot comes first after `watch`, and again after a gap; changes follow in order. */
export const sessionsTopicSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), sessions: z.array(sessionViewSchema) }),
  z.object({ kind: z.literal('changed'), session: sessionViewSchema }),
  z.object({ kind: z.literal('deleted'), sessionId: sessionIdSchema }),
]);
export type SessionsTopic = z.infer<typeof sessionsTopicSchema>;

/** What waits for a person, across sessions: the whole inbox every time. */
export const approvalsTopicSchema = z.object({
  kind: z.literal('snapshot'),
  approvals: z.array(approvalViewSchema),
  questions: z.array(questionViewSchema),
});
export type ApprovalsTopic = z.infer<typeof approvalsTopicSchema>;

export const noticesTopicSchema = z.object({
  kind: z.literal('raised'),
  sessionId: sessionIdSchema.optional(),
  level: z.enum(['info', 'warning', 'error']),
  text: z.string(),
  at: z.iso.datetime(),
});
export type NoticesTopic = z.infer<typeof noticesTopicSchema>;

const TYPE = z.literal('topic');
export const topicFrameSchema = z.discriminatedUnion('topic', [
  z.object({ type: TYPE, topic: z.literal('sessions'), data: sessionsTopicSchema }),
  z.object({ type: TYPE, topic: z.literal('approvals'), data: approvalsTopicSchema }),
  z.object({ type: TYPE, topic: z.literal('notices'), data: noticesTopicSchema }),
]);
export type TopicFrame = z.infer<typeof topicFrameSchema>;

export const serverTopicFrameSchema = z.object({ type: TYPE, topic: z.literal('server'), data: serverStatusSchema });
export type ServerTopicFrame = z.infer<typeof serverTopicFrameSchema>;

export const watchedFrameSchema = z.discriminatedUnion('topic', [...topicFrameSchema.options, serverTopicFrameSchema]);
