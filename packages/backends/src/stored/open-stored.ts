import type { StoredPlace, StoredSessions } from '@baton/core';
import { invariant } from '@baton/protocol';
import { createGeminiStored } from '../acp/stored-gemini.ts';
import { createClaudeStored } from '../claude/stored.ts';
import { createCodexStored } from '../codex/stored.ts';
import { createOpencodeStored } from '../opencode/stored.ts';

const READERS: ReadonlyMap<string, (place: Pick<StoredPlace, 'env'>) => StoredSessions> = new Map([
  ['claude', createClaudeStored],
  ['codex', createCodexStored],
  ['gemini', createGeminiStored],
  ['opencode', createOpencodeStored],
]);

/** The reader of the conversations in a place that a backend named. It reads nothing before it is asked. */
export function openStored(place: StoredPlace): StoredSessions {
  const create = READERS.get(place.agent);
  invariant(create !== undefined, `there is no reader of what "${place.agent}" stores`);
  return create({ env: place.env });
}
