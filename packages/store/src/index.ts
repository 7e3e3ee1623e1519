export { createMemoryRecords } from './memory/memory-records.ts';
export { createMemoryStore } from './memory/memory-store.ts';
export type { BackupReport } from './sqlite/backup.ts';
export type { Commit } from './sqlite/commit-queue.ts';
export { type DatabaseInspection, inspectDatabase } from './sqlite/inspect.ts';
export type { StoreSize } from './sqlite/measure.ts';
export type { IntegrityReport } from './sqlite/integrity.ts';
export { type RestoreOptions, type RestoreReport, restoreDatabase } from './sqlite/restore.ts';
export { openSqliteStore, type SqliteStore, type SqliteStoreOptions, type StoreStats } from './sqlite/sqlite-store.ts';
