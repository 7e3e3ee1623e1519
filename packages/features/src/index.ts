export { type CheckpointParts, type CheckpointRoutes, createCheckpoints } from './checkpoints/create-checkpoints.ts';
export { createPolicies, type PolicyParts, type PolicyRoutes } from './policies/create-policies.ts';
export { createHistory, type HistoryOptions } from './history/index.ts';
export type { HistoryRoutes } from './history/history-handlers.ts';
export { createTasks, type TaskParts, type TaskRoutes } from './tasks/create-tasks.ts';
