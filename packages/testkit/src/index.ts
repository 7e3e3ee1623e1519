export { AT, contextOf, fold, given, record, SESSION, type When } from './session/given.ts';
export { launchBrowser } from './browser/launch-browser.ts';
export {
  toClaudeProject,
  toClaudeTranscript,
  type ClaudeTranscript,
  type Exchange,
} from './stored/claude-transcript.ts';
export {
  createScriptedBackend,
  type ScriptedBackend,
  type ScriptedBackendOptions,
} from './backend/scripted-backend.ts';
export type { ScriptedAgent } from './backend/scripted-agent.ts';
export { createManualClock, type ManualClock } from './clock/manual-clock.ts';
export type { CreateEventStore } from './suite/create-event-store.ts';
export { describeEventStore } from './suite/event-store-suite.ts';
export { type CreateRecordStore, describeRecordStore } from './suite/record-store-suite.ts';
export { createOpencodeConfig } from './opencode/create-opencode-config.ts';
export { createFrameCollector, type FrameCollector } from './frame/frame-collector.ts';
export { type FaultProxy, startFaultProxy } from './network/fault-proxy.ts';
export { createFaultyStore, type FaultyStore } from './store/faulty-store.ts';
export { compareSchemas, type Comparison, listKinds, type SchemaIn } from './drift/compare-schemas.ts';
export { describeDrift, type DriftSubject } from './drift/describe-drift.ts';
