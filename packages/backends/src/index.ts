export { type AcpBackendOptions, createAcpBackend } from './acp/index.ts';
export { ACP_PRESETS } from './acp/presets.ts';
export { type AgentSdkBackendOptions, createAgentSdkBackend } from './agent-sdk/index.ts';
export { type ClaudeBackendOptions, createClaudeBackend } from './claude/index.ts';
export { type OpencodeBackendOptions, createOpencodeBackend } from './opencode/index.ts';
export { type CodexBackendOptions, createCodexBackend } from './codex/index.ts';
export { type WorkerOptions, createWorkerBackend } from './worker/index.ts';
export type { RehearsalModels } from './worker/model/select-model.ts';
