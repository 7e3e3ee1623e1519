import { createHash } from 'node:crypto';
import type { StoredSession } from '@baton/core';
import { type FoundSession, foundSessionSchema, toPlainText } from '@baton/protocol';
import type { ConversationView } from './conversation-index.ts';

const TITLE_CHARS = 120;

/** The same place always has the same id. */
export function toFoundId(backend: string, ref: string): FoundSession['id'] {
  const hash = createHash('sha256').update(`${backend}\n${ref}`).digest('hex');
  return foundSessionSchema.shape.id.parse(`fnd_${hash.slice(0, 26)}`);
}

/** A stored conversation as lists show it; undefined for one with nothing in it. */
export function toView(backend: string, session: StoredSession | undefined): ConversationView | undefined {
  if (session === undefined) return undefined;
  const { nativeId, cwd, model, usage, createdAt, updatedAt } = session;
  return {
    backend,
    nativeId,
    cwd,
    title: (session.title ?? toFirstWords(session) ?? toFolderName(cwd)).slice(0, TITLE_CHARS),
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    turns: session.events.filter(({ event }) => event.type === 'turn.started').length,
    createdAt,
    updatedAt,
  };
}

function toFirstWords({ events }: StoredSession): string | undefined {
  for (const { event } of events) {
    const words = event.type === 'turn.started' ? toPlainText(event.input).trim().split('\n', 1)[0] : '';
    if (words !== undefined && words !== '') return words;
  }
  return undefined;
}

/** What stands for the title of a conversation that has none. */
export function toFolderName(cwd: string): string {
  return cwd.split(/[\\/]/).findLast((part) => part !== '') ?? 'Conversation';
}
