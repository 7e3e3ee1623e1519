export { lookAtAgents, type AgentsFound } from './agents/look-at-agents.ts';
export { readServerFile, type ServerFile } from './data/lock.ts';
export { backupData, compactData, restoreData, startServer, type RunningServer } from './compose.ts';
export { readSettings, type Limits, type LogLevel, type Settings } from './settings.ts';
