import { z } from 'zod';
import { sessionIdSchema } from '../id.ts';
import { agentExitedEventSchema } from './agent-exited.ts';
import { agentOutputEventSchema } from './agent-output.ts';
import { agentReadyEventSchema } from './agent-ready.ts';
import { agentStartedEventSchema } from './agent-started.ts';
import { approvalAnsweredEventSchema } from './approval-answered.ts';
import { approvalRequestedEventSchema } from './approval-requested.ts';
import { approvalWithdrawnEventSchema } from './approval-withdrawn.ts';
import { checkpointCreatedEventSchema } from './checkpoint-created.ts';
import { checkpointRestoredEventSchema } from './checkpoint-restored.ts';
import { itemEndedEventSchema } from './item-ended.ts';
import { itemStartedEventSchema } from './item-started.ts';
import { noticeRaisedEventSchema } from './notice-raised.ts';
import { planUpdatedEventSchema } from './plan-updated.ts';
import { questionAnsweredEventSchema } from './question-answered.ts';
import { questionAskedEventSchema } from './question-asked.ts';
import { questionWithdrawnEventSchema } from './question-withdrawn.ts';
import { rawReceivedEventSchema } from './raw-received.ts';
import { sessionArchivedEventSchema } from './session-archived.ts';
import { sessionConfiguredEventSchema } from './session-configured.ts';
import { sessionContinuedEventSchema } from './session-continued.ts';
import { sessionCreatedEventSchema } from './session-created.ts';
import { sessionRewoundEventSchema } from './session-rewound.ts';
import { sessionStartRequestedEventSchema } from './session-start-requested.ts';
import { sessionStopRequestedEventSchema } from './session-stop-requested.ts';
import { turnEndedEventSchema } from './turn-ended.ts';
import { turnInterruptRequestedEventSchema } from './turn-interrupt-requested.ts';
import { turnQueuedEventSchema } from './turn-queued.ts';
import { turnRequeuedEventSchema } from './turn-requeued.ts';
import { turnStartedEventSchema } from './turn-started.ts';
import { turnSteeredEventSchema } from './turn-steered.ts';
import { turnUnqueuedEventSchema } from './turn-unqueued.ts';
import { usageUpdatedEventSchema } from './usage-updated.ts';

/** All that can happen to a session, in the words of the wire. */
export const sessionEventSchema = z.discriminatedUnion('type', [
  sessionCreatedEventSchema,
  sessionConfiguredEventSchema,
  sessionArchivedEventSchema,
  sessionContinuedEventSchema,
  sessionRewoundEventSchema,
  sessionStartRequestedEventSchema,
  sessionStopRequestedEventSchema,
  agentStartedEventSchema,
  agentReadyEventSchema,
  agentOutputEventSchema,
  agentExitedEventSchema,
  turnQueuedEventSchema,
  turnUnqueuedEventSchema,
  turnRequeuedEventSchema,
  turnStartedEventSchema,
  turnSteeredEventSchema,
  turnInterruptRequestedEventSchema,
  turnEndedEventSchema,
  itemStartedEventSchema,
  itemEndedEventSchema,
  approvalRequestedEventSchema,
  approvalAnsweredEventSchema,
  approvalWithdrawnEventSchema,
  questionAskedEventSchema,
  questionAnsweredEventSchema,
  questionWithdrawnEventSchema,
  planUpdatedEventSchema,
  usageUpdatedEventSchema,
  checkpointCreatedEventSchema,
  checkpointRestoredEventSchema,
  noticeRaisedEventSchema,
  rawReceivedEventSchema,
]);
export type SessionEvent = z.infer<typeof sessionEventSchema>;
export type SessionEventType = SessionEvent['type'];
export type EventOf<T extends SessionEventType> = Extract<SessionEvent, { type: T }>;

/** An event in its place: `seq` is 1, 2, 3, … without a gap per session; `at` is RFC 3339 UTC. */
export const recordedEventSchema = z.object({
  sessionId: sessionIdSchema,
  seq: z.int().positive(),
  at: z.iso.datetime(),
  event: sessionEventSchema,
});
export type RecordedEvent = z.infer<typeof recordedEventSchema>;
