import { homedir } from 'node:os';
import { join } from 'node:path';
import type { StoredSession, StoredSessionRef, StoredSessions } from '@baton/core';
import { createPace } from '../stored/pace.ts';
import { StoredLog } from '../stored/stored-log.ts';
import { toTitle } from '../stored/to-title.ts';
import { watchFolders } from '../stored/watch-folders.ts';
import { StoredConversation } from './stored-conversation.ts';
import { type RolloutLine, isSubagent, toForeignItem } from './stored-line.ts';
import { isHeldByCodex } from './stored-live.ts';
import { Rollouts, ThreadNames } from './stored-rollouts.ts';

/** More subagents than this of one conversation are not looked for. */
const MAX_AGENTS = 100;

/** The conversations in Codex's own folder. `env` is what the agent would run with. */
export function createCodexStored({ env }: { env: Readonly<Record<string, string | undefined>> }): StoredSessions {
  const home = env['CODEX_HOME'] || join(env['HOME'] ?? env['USERPROFILE'] ?? homedir(), '.codex');
  const rollouts = new Rollouts(home);
  const names = new ThreadNames(home);
  return {
    list: () => listThreads(rollouts, names),
    read: (threadId) => readThread(rollouts, names, threadId),
    watch: (onChange) => watchFolders({ root: join(home, 'sessions'), depth: 3, onChange }),
    isLive: (threadId) => isHeldByCodex(home, threadId),
  };
}

// The ref is the thread, because a step back moves it to another file.
async function* listThreads(rollouts: Rollouts, names: ThreadNames): AsyncGenerator<StoredSessionRef> {
  const named = await names.read();
  for (const [threadId, { version, changedAt }] of await rollouts.refresh()) {
    yield { ref: threadId, version: `${version}-${named.get(threadId) ?? ''}`, changedAt };
  }
}

async function readThread(
  rollouts: Rollouts,
  names: ThreadNames,
  threadId: string,
): Promise<StoredSession | undefined> {
  const { meta, lines } = await rollouts.read(threadId);
  if (meta === undefined || isSubagent(meta)) return undefined;
  const log = new StoredLog();
  const agents = await readAgents(rollouts, lines);
  const conversation = new StoredConversation(log, { nativeId: threadId, cwd: meta.cwd, lines, agents });
  const pace = createPace();
  await pace.each(lines.keys(), (index) => conversation.write(index));
  conversation.finish();
  const [first, last] = [log.events[0], log.events.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { firstPrompt, model, usage } = conversation;
  return {
    nativeId: threadId,
    cwd: meta.cwd,
    title: toTitle((await names.read()).get(threadId)) ?? toTitle(firstPrompt),
    model,
    createdAt: first.at,
    updatedAt: last.at,
    usage,
    events: log.events,
  };
}

async function readAgents(
  rollouts: Rollouts,
  lines: readonly RolloutLine[],
): Promise<Map<string, readonly RolloutLine[]>> {
  const agents = new Map<string, readonly RolloutLine[]>();
  for (const threadId of new Set(lines.flatMap(toAgents))) {
    if (agents.size >= MAX_AGENTS) break;
    // One that is gone is missing under its call; the conversation is there all the same.
    const found = await rollouts.read(threadId).catch((): undefined => undefined);
    if (found !== undefined) agents.set(threadId, found.lines);
  }
  return agents;
}

function toAgents(line: RolloutLine): string[] {
  if (line.type !== 'event' || line.event.type !== 'item_completed') return [];
  const { type } = line.event.item;
  if (type !== 'CollabAgentToolCall' && type !== 'SubAgentActivity') return [];
  const item = toForeignItem(line.event.item);
  if (item?.type === 'collabAgentToolCall') return item.receiverThreadIds.slice(0, 1);
  return item?.type === 'subAgentActivity' ? [item.agentThreadId] : [];
}
