import { z } from 'zod';
import { checkpointIdSchema, sessionIdSchema, turnIdSchema } from './id.ts';

/** What made a checkpoint: a person, the end of a turn, a restore that saved the present, or a commit of the user's own. */
export const CHECKPOINT_TRIGGERS = ['user', 'turn-started', 'turn-ended', 'restore', 'commit', 'timer'] as const;

/** One snapshot of a session's working tree. `files` counts those that differ from the checkpoint before. */
export const checkpointViewSchema = z.object({
  id: checkpointIdSchema,
  sessionId: sessionIdSchema,
  title: z.string(),
  parent: checkpointIdSchema.optional(),
  turnId: turnIdSchema.optional(),
  trigger: z.enum(CHECKPOINT_TRIGGERS),
  files: z.int().nonnegative(),
  createdAt: z.iso.datetime(),
});
export type CheckpointView = z.infer<typeof checkpointViewSchema>;

export const FILE_CHANGES = ['added', 'modified', 'deleted', 'renamed'] as const;

/** How one file differs between two states of a working tree. */
export const fileDiffSchema = z.object({
  /** Relative to the session's folder, with `/`. */
  path: z.string(),
  /** Where it was before, for a renamed one. */
  from: z.string().optional(),
  change: z.enum(FILE_CHANGES),
  /** Lines; 0 for a binary file. */
  added: z.int().nonnegative(),
  removed: z.int().nonnegative(),
  binary: z.boolean(),
  /** Unified diff; absent for a binary file and where it would be too large. */
  patch: z.string().optional(),
});
export type FileDiff = z.infer<typeof fileDiffSchema>;

export const checkpointDiffSchema = z.object({
  from: checkpointIdSchema,
  /** The other checkpoint, or `now`. */
  to: z.string(),
  files: z.array(fileDiffSchema),
  /** True when there were more files, or longer patches, than are shown. */
  truncated: z.boolean(),
});
export type CheckpointDiff = z.infer<typeof checkpointDiffSchema>;
