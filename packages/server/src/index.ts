export { lookAtAgents, type AgentsFound } from './agents/look-at-agents.ts';
export { readServerFile, type ServerFile } from './data/lock.ts';
export { runRunner } from './compose-runner.ts';
export { backupData, restoreData, startServer, type RunningServer } from './compose.ts';
export { readRecentLog } from './log/read-recent-log.ts';
export { redactLine } from './log/redact.ts';
export { compactData, examineData, type ExamineOptions, readPrivateTexts } from './compose-data.ts';
export { readSettings, type Limits, type LogLevel, type Settings } from './settings.ts';
export { endRunners, hasRunner } from './runner/end-runners.ts';
