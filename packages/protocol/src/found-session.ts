import { z } from 'zod';
import { usageSchema } from './agent.ts';
import { type FoundId, foundIdSchema, itemIdSchema, type SessionId, sessionIdSchema, turnIdSchema } from './id.ts';

/** A conversation that an agent keeps by itself: it began outside Baton. */
export const foundSessionSchema = z.object({
  id: foundIdSchema,
  backend: z.string(),
  /** The agent's own id, by which it is resumed. */
  nativeId: z.string(),
  title: z.string(),
  /** The folder it worked in; need not exist any more. */
  cwd: z.string(),
  model: z.string().optional(),
  /** 0: not known, because only its agent can read it, and was not asked to yet. */
  turns: z.int().nonnegative(),
  usage: usageSchema.optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** Its agent does not say when it was: the times are those at which it was first told of, and it comes last in lists. */
  undated: z.boolean().optional(),
  /** Whether a process outside Baton works on it now; then it can be read and forked, and not resumed. */
  live: z.boolean(),
});
export type FoundSession = z.infer<typeof foundSessionSchema>;

/** The session id that the events of a stored conversation bear: it stands for no session. */
export function toStandInSessionId(id: FoundId): SessionId {
  return sessionIdSchema.parse(id.replace('fnd_', 'ses_'));
}

/** What came of asking an agent which conversations it keeps. */
export const keptListSchema = z.object({
  /** How many it told of. */
  told: z.int().nonnegative(),
  /** Those that are in the list now: neither Baton's own nor found in another way. */
  shown: z.int().nonnegative(),
  /** Those of them that were not there before. */
  added: z.int().nonnegative(),
  /** Those that were there and are not any more: it does not keep them, or Baton goes on with them. */
  gone: z.int().nonnegative(),
  /** Those that cannot be taken over, because they have no id or no folder. */
  leftOut: z.int().nonnegative(),
  /** Why it may keep more than it told of, in one sentence; absent: these are all. */
  problem: z.string().optional(),
});
export type KeptList = z.infer<typeof keptListSchema>;

/** How far the index of stored conversations is. */
export const historyStatusSchema = z.object({
  state: z.enum(['scanning', 'indexing', 'ready']),
  /** All conversations that agents stored, those with nothing in them too. */
  total: z.int().nonnegative(),
  /** Those of them that are still to be read, or to be read again. */
  waiting: z.int().nonnegative(),
  /** Those that are shown: neither empty nor Baton's own, and each once. */
  found: z.int().nonnegative(),
  /** Those that could not be read. */
  unreadable: z.int().nonnegative(),
  /** Pieces of text that can be searched, of Baton's own sessions too. */
  passages: z.int().nonnegative(),
  /**
   * Agents whose conversations could not be looked at just now, with the reason and what can be done, as whole sentences; what
   * was read of them before is still there, and they are tried again by themselves. Absent: none.
   */
  notRead: z.array(z.object({ backend: z.string(), reason: z.string() })).optional(),
  /** Why the index cannot be asked just now, and what comes of it; then nothing was counted. */
  problem: z.string().optional(),
});
export type HistoryStatus = z.infer<typeof historyStatusSchema>;

/** One place where the words of a search stand. */
export const searchHitSchema = z.object({
  /** One of the two. */
  sessionId: sessionIdSchema.optional(),
  foundId: foundIdSchema.optional(),
  title: z.string(),
  backend: z.string(),
  cwd: z.string(),
  at: z.iso.datetime(),
  turnId: turnIdSchema.optional(),
  itemId: itemIdSchema.optional(),
  /** The words around it; `marks` are the stretches that matched, as offsets into it. */
  text: z.string(),
  marks: z.array(z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() })),
});
export type SearchHit = z.infer<typeof searchHitSchema>;
