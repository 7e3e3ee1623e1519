import type { Draft, RunMark } from '@baton/core';
import type { InboxKind } from '../inbox-change.ts';

export interface MemoryEvent {
  at: string;
  text: string;
}

export interface MemorySession {
  id: string;
  events: MemoryEvent[];
  view: string;
  state: string;
  backend: string;
  title: string;
  cwd: string;
  archived: boolean;
  updatedAt: number;
  /** Number of the change that touched it last. */
  changed: number;
  env: string | undefined;
  mark: RunMark | undefined;
  /** By item id. */
  drafts: Map<string, Draft[]>;
}

export interface MemoryInboxRow {
  ordinal: number;
  id: string;
  kind: InboxKind;
  sessionId: string;
  state: string;
  view: string;
}

/** Everything the store holds, as text: what is read is parsed anew and so always a copy. */
export interface MemoryLog {
  changes: number;
  ordinals: number;
  sessions: Map<string, MemorySession>;
  receipts: Map<string, string>;
  /** In the order they were opened. */
  inbox: Map<string, MemoryInboxRow>;
}

export function createMemoryLog(): MemoryLog {
  return { changes: 0, ordinals: 0, sessions: new Map(), receipts: new Map(), inbox: new Map() };
}
