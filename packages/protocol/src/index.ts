export { toDiskFault, toDiskFaultSaid } from './disk-fault.ts';
export { escapeInJson, parseJson, toJsonLine, toWellFormed, type Json, type JsonParsed } from './json.ts';
export {
  ID_PREFIXES,
  approvalIdSchema,
  checkpointIdSchema,
  commandIdSchema,
  createId,
  foundIdSchema,
  itemIdSchema,
  questionIdSchema,
  sessionIdSchema,
  taskIdSchema,
  turnIdSchema,
  type ApprovalId,
  type CheckpointId,
  type CommandId,
  type FoundId,
  type IdKind,
  type ItemId,
  type QuestionId,
  type SessionId,
  type TaskId,
  type TurnId,
} from './id.ts';
export {
  CHECKPOINT_TRIGGERS,
  FILE_CHANGES,
  checkpointDiffSchema,
  checkpointViewSchema,
  fileDiffSchema,
  type CheckpointDiff,
  type CheckpointView,
  type FileDiff,
} from './checkpoint.ts';
export {
  POLICY_EFFECTS,
  policiesSchema,
  policiesViewSchema,
  policyRuleSchema,
  type Policies,
  type PoliciesView,
  type PolicyRule,
} from './policy.ts';
export {
  foundSessionSchema,
  historyStatusSchema,
  keptListSchema,
  searchHitSchema,
  toStandInSessionId,
  type FoundSession,
  type HistoryStatus,
  type KeptList,
  type SearchHit,
} from './found-session.ts';
export {
  TASK_STATES,
  taskResultSchema,
  taskStateSchema,
  taskViewSchema,
  type TaskResult,
  type TaskState,
  type TaskView,
} from './task.ts';
export {
  AppError,
  ERRORS,
  assertNever,
  errorKindSchema,
  failureSchema,
  invariant,
  isAppError,
  problemSchema,
  toAppError,
  toInvalidInput,
  toProblem,
  type AppErrorDetails,
  type ErrorKind,
  type Failure,
  type Problem,
} from './error.ts';
export {
  IMAGE_TYPES,
  MAX_PROMPT_CHARS,
  filePartSchema,
  imagePartSchema,
  inputPartSchema,
  inputSchema,
  storedInputSchema,
  textPartSchema,
  toPlainText,
  type InputPart,
} from './input.ts';
export {
  TOOL_KINDS,
  TOOL_STATUSES,
  agentMessageItemSchema,
  deltaFieldSchema,
  errorItemSchema,
  itemSchema,
  reasoningItemSchema,
  toolCallItemSchema,
  toolKindSchema,
  toolLocationSchema,
  toolOutputSchema,
  toolStatusSchema,
  userMessageItemSchema,
  type DeltaField,
  type Item,
  type ToolCallItem,
  type ToolKind,
  type ToolOutput,
  type ToolStatus,
} from './item.ts';
export {
  AGENT_FAULTS,
  AGENT_KINDS,
  CAPABILITIES,
  agentCommandSchema,
  agentFaultSchema,
  agentModeSchema,
  agentModelSchema,
  agentSignInSchema,
  backendViewSchema,
  capabilitySchema,
  contextSchema,
  mcpServerSchema,
  usageSchema,
  type AgentCommand,
  type AgentFault,
  type AgentMode,
  type AgentModel,
  type AgentSignIn,
  type BackendView,
  type Capability,
  type ContextWindow,
  type Usage,
} from './agent.ts';
export { type AcpAgentDefinition, acpAgentDefinitionSchema, MAX_ICON } from './acp-agent.ts';
export {
  agentIconSchema,
  configuredAgentChangeSchema,
  configuredAgentSchema,
  configuredAgentViewSchema,
  type ConfiguredAgent,
  type ConfiguredAgentChange,
  type ConfiguredAgentView,
} from './configured-agent.ts';
export {
  findFolderDefault,
  folderDefaultSchema,
  folderDefaultsSchema,
  type FolderDefault,
} from './folder-default.ts';
export {
  TERMINAL_PATH,
  terminalDownSchema,
  terminalQuerySchema,
  terminalUpSchema,
  type TerminalDown,
  type TerminalUp,
} from './terminal.ts';
export {
  INSTALL_STATES,
  agentInstallSchema,
  agentTestSchema,
  type AgentInstall,
  type AgentTest,
} from './route/agents.ts';
export {
  answersSchema,
  approvalActionSchema,
  approvalOptionSchema,
  approvalRequestSchema,
  approvalViewSchema,
  questionRequestSchema,
  questionSchema,
  questionViewSchema,
  riskSchema,
  type Answers,
  type ApprovalOption,
  type ApprovalRequest,
  type ApprovalView,
  type InboxState,
  type Question,
  type QuestionRequest,
  type QuestionView,
  type Risk,
} from './approval.ts';
export {
  SESSION_STATES,
  queuedTurnSchema,
  sessionStateSchema,
  sessionViewSchema,
  type SessionStateName,
  type SessionView,
} from './session.ts';
export { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.ts';
export {
  recordedEventSchema,
  sessionEventSchema,
  type EventOf,
  type RecordedEvent,
  type SessionEvent,
  type SessionEventType,
} from './event/event.ts';
export { agentExitedEventSchema, type AgentExitedEvent } from './event/agent-exited.ts';
export { agentOutputEventSchema, type AgentOutputEvent } from './event/agent-output.ts';
export { agentReadyEventSchema, type AgentReadyEvent } from './event/agent-ready.ts';
export { agentStartedEventSchema, type AgentStartedEvent } from './event/agent-started.ts';
export { approvalAnsweredEventSchema, type ApprovalAnsweredEvent } from './event/approval-answered.ts';
export { approvalRequestedEventSchema, type ApprovalRequestedEvent } from './event/approval-requested.ts';
export { approvalWithdrawnEventSchema, type ApprovalWithdrawnEvent } from './event/approval-withdrawn.ts';
export { checkpointCreatedEventSchema, type CheckpointCreatedEvent } from './event/checkpoint-created.ts';
export { checkpointRestoredEventSchema, type CheckpointRestoredEvent } from './event/checkpoint-restored.ts';
export { itemEndedEventSchema, type ItemEndedEvent } from './event/item-ended.ts';
export { itemStartedEventSchema, type ItemStartedEvent } from './event/item-started.ts';
export { noticeRaisedEventSchema, type NoticeRaisedEvent } from './event/notice-raised.ts';
export { planUpdatedEventSchema, type PlanUpdatedEvent } from './event/plan-updated.ts';
export { questionAnsweredEventSchema, type QuestionAnsweredEvent } from './event/question-answered.ts';
export { questionAskedEventSchema, type QuestionAskedEvent } from './event/question-asked.ts';
export { questionWithdrawnEventSchema, type QuestionWithdrawnEvent } from './event/question-withdrawn.ts';
export { rawReceivedEventSchema, type RawReceivedEvent } from './event/raw-received.ts';
export { sessionArchivedEventSchema, type SessionArchivedEvent } from './event/session-archived.ts';
export { sessionConfiguredEventSchema, type SessionConfiguredEvent } from './event/session-configured.ts';
export { sessionContinuedEventSchema, type SessionContinuedEvent } from './event/session-continued.ts';
export { sessionCreatedEventSchema, type SessionCreatedEvent } from './event/session-created.ts';
export { sessionRewoundEventSchema, type SessionRewoundEvent } from './event/session-rewound.ts';
export { sessionStartRequestedEventSchema, type SessionStartRequestedEvent } from './event/session-start-requested.ts';
export {
  sessionStopRequestedEventSchema,
  STOP_REASONS,
  type SessionStopRequestedEvent,
  type StopReason,
} from './event/session-stop-requested.ts';
export type { AgentQueue, WaitingStart, WaitReason } from './route/queue.ts';
export { turnEndedEventSchema, type TurnEndedEvent } from './event/turn-ended.ts';
export {
  turnInterruptRequestedEventSchema,
  type TurnInterruptRequestedEvent,
} from './event/turn-interrupt-requested.ts';
export { turnQueuedEventSchema, type TurnQueuedEvent } from './event/turn-queued.ts';
export { turnRequeuedEventSchema, type TurnRequeuedEvent } from './event/turn-requeued.ts';
export { turnStartedEventSchema, type TurnStartedEvent } from './event/turn-started.ts';
export { turnSteeredEventSchema, type TurnSteeredEvent } from './event/turn-steered.ts';
export { turnUnqueuedEventSchema, type TurnUnqueuedEvent } from './event/turn-unqueued.ts';
export { usageUpdatedEventSchema, type UsageUpdatedEvent } from './event/usage-updated.ts';
export { commandSchema, type Command, type CommandInput, type CommandOf } from './command/command.ts';
export { approvalAnswerCommandSchema, type ApprovalAnswerCommand } from './command/approval-answer.ts';
export { questionAnswerCommandSchema, type QuestionAnswerCommand } from './command/question-answer.ts';
export { sessionArchiveCommandSchema, type SessionArchiveCommand } from './command/session-archive.ts';
export { sessionConfigureCommandSchema, type SessionConfigureCommand } from './command/session-configure.ts';
export { sessionCreateCommandSchema, type SessionCreateCommand } from './command/session-create.ts';
export { sessionForkCommandSchema, type SessionForkCommand } from './command/session-fork.ts';
export { sessionRewindCommandSchema, type SessionRewindCommand } from './command/session-rewind.ts';
export { sessionStartCommandSchema, type SessionStartCommand } from './command/session-start.ts';
export { sessionStopCommandSchema, type SessionStopCommand } from './command/session-stop.ts';
export { turnInterruptCommandSchema, type TurnInterruptCommand } from './command/turn-interrupt.ts';
export { turnStartCommandSchema, type TurnStartCommand } from './command/turn-start.ts';
export { turnSteerCommandSchema, type TurnSteerCommand } from './command/turn-steer.ts';
export { turnUnqueueCommandSchema, type TurnUnqueueCommand } from './command/turn-unqueue.ts';
export { upFrameSchema, type UpFrame, type UpFrameInput } from './frame/up.ts';
export { downFrameSchema, type DownFrame } from './frame/down.ts';
export { caughtUpFrameSchema, type CaughtUpFrame } from './frame/caught-up.ts';
export { commandFrameSchema, type CommandFrame } from './frame/command.ts';
export { deltaFrameSchema, type DeltaFrame } from './frame/delta.ts';
export { errorFrameSchema, type ErrorFrame } from './frame/error.ts';
export { eventFrameSchema, type EventFrame } from './frame/event.ts';
export { helloFrameSchema, type HelloFrame } from './frame/hello.ts';
export { pingFrameSchema, type PingFrame } from './frame/ping.ts';
export { pongFrameSchema, type PongFrame } from './frame/pong.ts';
export { receiptFrameSchema, type ReceiptFrame } from './frame/receipt.ts';
export { resetFrameSchema, type ResetFrame } from './frame/reset.ts';
export { subscribeFrameSchema, type SubscribeFrame } from './frame/subscribe.ts';
export {
  approvalsTopicSchema,
  noticesTopicSchema,
  serverTopicFrameSchema,
  sessionsTopicSchema,
  topicFrameSchema,
  topicNameSchema,
  watchedNameSchema,
  type ApprovalsTopic,
  type NoticesTopic,
  type ServerTopicFrame,
  type SessionsTopic,
  type TopicFrame,
  type TopicName,
  type WatchedName,
} from './frame/topic.ts';
export { findingSchema, type Finding } from './finding.ts';
export { retentionReportSchema, retentionSchema, type Retention, type RetentionReport } from './retention.ts';
export { agentUsageSchema, serverStatusSchema, type AgentUsage, type ServerStatus } from './server-status.ts';
export { unsubscribeFrameSchema, type UnsubscribeFrame } from './frame/unsubscribe.ts';
export { unwatchFrameSchema, type UnwatchFrame } from './frame/unwatch.ts';
export { watchFrameSchema, type WatchFrame } from './frame/watch.ts';
export { welcomeFrameSchema, type WelcomeFrame } from './frame/welcome.ts';
export { API_PREFIX, defineRoute, type Route, type RouteInput } from './route/route.ts';
export { ROUTES, type RouteName } from './route/routes.ts';
export { userSchema, type User } from './route/identity.ts';
