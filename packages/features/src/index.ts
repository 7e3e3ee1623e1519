export type { CheckpointRoutes } from './checkpoints/checkpoint-handlers.ts';
export { type CheckpointParts, createCheckpoints } from './checkpoints/create-checkpoints.ts';
export { createPolicies, type PolicyParts, type PolicyRoutes } from './policies/create-policies.ts';
export { createHistory, type HistoryOptions, openHistoryIndex } from './history/index.ts';
export type { HistoryRoutes } from './history/history-handlers.ts';
export { createRetention, type RetentionParts, type RetentionRoutes } from './retention/create-retention.ts';
export { createTasks, type TaskParts } from './tasks/create-tasks.ts';
export type { TaskRoutes } from './tasks/task-handlers.ts';
