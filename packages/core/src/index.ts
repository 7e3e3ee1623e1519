export type { Clock } from './ports/clock.ts';
export type {
  Append,
  Draft,
  EventStore,
  RunMark,
  InboxQuery,
  Page,
  ReadOptions,
  SessionQuery,
  StoredReceipt,
} from './ports/event-store.ts';
export type {
  AgentEvent,
  AgentReport,
  AgentSession,
  AgentExit,
  AgentTurnEnd,
  AgentWentBack,
  ApprovalAnswer,
  Backend,
  Branch,
  Change,
  ItemDelta,
  OpenOptions,
  Prompt,
  PromptHold,
} from './ports/backend.ts';
export type {
  AgentDescription,
  AgentHost,
  AgentLink,
  Casualty,
  Effect,
  HostedSession,
  Resumption,
  Survivor,
} from './ports/agent-host.ts';
export { createDrafts } from './engine/drafts.ts';
export { withoutSettings } from './engine/agent-settings.ts';
export { holdForTurn } from './engine/hold-for-turn.ts';
export type { Feature, FeatureCall, FeatureHandlers } from './ports/feature.ts';
export type {
  AgentSaid,
  AgentTold,
  ConversationKeeper,
  ToldConversation,
  ToldConversations,
} from './ports/conversation-keeper.ts';
export type { StoreUpkeep } from './ports/store-upkeep.ts';
export type { RecordStore } from './ports/record-store.ts';
export type { StoredPlace, StoredSession, StoredSessionRef, StoredSessions } from './ports/stored-sessions.ts';
export type {
  Actor,
  Engine,
  EngineStats,
  LiveAgent,
  FrameSink,
  ImportedSession,
  MissedPast,
  Receipt,
  RecordedListener,
  SessionFrame,
  Subscription,
  ToldListener,
} from './engine/engine.ts';
export type { Timeline, TimelineItem, TimelineMark, TimelineTurn } from './projection/timeline.ts';
export { applyDelta, emptyTimeline, foldTimeline } from './projection/fold-timeline.ts';
export { closeApproval, closeQuestion, toApprovalView, toQuestionView } from './projection/inbox.ts';
export { createLocalHost, type LocalHostOptions } from './engine/create-local-host.ts';
export { createEngine } from './engine/create-engine.ts';
export type { BegunTurn, EngineOptions } from './engine/engine-options.ts';
export { toListedView, toSessionView } from './projection/session-view.ts';
export { checkInvariants } from './session/check-invariants.ts';
export { decide } from './session/decide.ts';
export type { Decision, DecisionContext, NotedEvent, SessionCommand } from './session/decision.ts';
export { evolve } from './session/evolve.ts';
export { noSession, type OpenSession, type SessionState } from './session/state.ts';
