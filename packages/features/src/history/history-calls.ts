import type { StoredSession } from '@baton/core';
import type {
  AppError,
  ErrorKind,
  FoundSession,
  HistoryStatus,
  ItemId,
  KeptList,
  SessionId,
  TurnId,
} from '@baton/protocol';
import type { FoundQuery, IndexedHit, Page, SearchQuery } from './conversation-finder.ts';
import type { OwnContent } from './conversation-index.ts';
import type { ToldList, ToldRead } from './told-index.ts';

/**
 * What the server asks of the thread that has the index. Each takes at most one value; values are copied on their way, so
 * they are plain data. A call rejects with the `AppError` that it failed with over there.
 */
export interface HistoryCalls {
  listFound(query: FoundQuery): Promise<Page<FoundSession>>;
  search(query: SearchQuery): Promise<Page<IndexedHit>>;
  status(): Promise<HistoryStatus>;
  /** A stored conversation with all that was said, read anew; without it where only the agent can read it. Rejects with `not-found`. */
  readFound(id: FoundSession['id']): Promise<{ found: FoundSession; session: StoredSession | undefined }>;
  /** What a stored conversation has that the session has not, in whole turns. */
  readSince(question: SinceQuestion): Promise<Since>;
  /** Looks in the background for what is new, now and whenever an agent writes. */
  followStored(): Promise<void>;
  /** The own session that began an agent's conversation, or goes on with it; `backend`: only one of this agent. */
  findOwn(of: { nativeId: string; backend?: string | undefined }): Promise<string | undefined>;
  /** Takes over what an agent told of the conversations it keeps. */
  keepTold(list: ToldList): Promise<KeptList>;
  /** Keeps what an agent read of one of them. */
  keepRead(read: ToldRead): Promise<void>;
  /** Folders in which an agent may have worked: those of what it told of first, then those of others. */
  toldFolders(backend: string): Promise<string[]>;
  /** The own sessions that are known, each with the last event that was read. */
  listOwn(): Promise<Map<string, number>>;
  readSeq(sessionId: string): Promise<number>;
  addOwn(content: OwnContent): Promise<void>;
  forgetOwn(sessionIds: readonly string[]): Promise<void>;
  /** What was added or forgotten so far outlives the process. */
  commit(): Promise<void>;
}

/** To the thread. */
export type CallMessage =
  | { type: 'call'; number: number; method: keyof HistoryCalls; input: unknown }
  /** Finish what was begun, close the index and be gone. */
  | { type: 'stop' };

/** From the thread. */
export type ThreadMessage =
  | { type: 'answered'; number: number; value: unknown }
  | { type: 'failed'; number: number; error: CopiedError }
  /** Something failed that nobody waits for. */
  | { type: 'fault'; error: CopiedError }
  | { type: 'own-changed'; change: OwnChange }
  /** It reads a stored conversation, or is done with it: whatever ends the thread meanwhile may be the fault of that one. */
  | { type: 'reading' | 'read'; place: ReadPlace };

/** What a session has of its conversation. */
export interface OwnPast {
  /** When it was last told something by its agent. RFC 3339 UTC. */
  since: string;
  /** Its turns, oldest first; `point` is what the agent calls the end of one. */
  turns: readonly { turnId: TurnId; text: string; point?: string | undefined }[];
  /** The items that were taken over from what the agent stored. */
  taken: readonly ItemId[];
}

export interface SinceQuestion extends OwnPast {
  id: FoundSession['id'];
  /** Nothing has changed for as long as was asked for before. */
  isQuiet: boolean;
}

export interface Since {
  /** Oldest first. */
  past: StoredSession['events'];
  /** The last turn may go on, and is not among them: ask again after that long without a change. */
  againMs?: number;
}

/** The stored conversation of an own session was read, because it had changed. */
export interface OwnChange {
  sessionId: SessionId;
  nativeId: string;
  id: FoundSession['id'];
  /** When its last turn began, and when something was last written in it. */
  lastTurnAt: string;
  lastAt: string;
  /** What the agent calls the end of its last turn. */
  point?: string | undefined;
}

/** One version of a stored conversation. */
export interface ReadPlace {
  backend: string;
  ref: string;
  version: string;
}

/** Stored conversations that were being read when a thread ended of itself, and how often that was. */
export interface Suspect extends ReadPlace {
  times: number;
}

/** An error on its way between threads, which takes the class and its fields off it. */
export interface CopiedError {
  kind?: ErrorKind | undefined;
  details?: AppError['details'];
  error: Error;
}
