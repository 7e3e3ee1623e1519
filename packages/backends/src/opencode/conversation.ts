import type { Branch, OpenOptions } from '@baton/core';
import { AppError, isAppError } from '@baton/protocol';
import { wasUnderWay } from '../agent/was-under-way.ts';
import type { OpencodeApi } from './api.ts';
import { type NativeMessage, type NativeSession, messagesSchema, sessionSchema } from './wire.ts';

/** The conversation this session goes on with: begun, resumed, branched, or taken back. Never silently a new one. */
export async function openConversation(api: OpencodeApi, options: OpenOptions): Promise<NativeSession> {
  const { nativeId, branch, cwd } = options;
  if (branch?.kind === 'rewind') return rewind(api, branch, cwd);
  const known = nativeId === undefined ? undefined : await find(api, nativeId, cwd);
  if (known !== undefined) return known;
  if (branch !== undefined) return fork(api, branch, cwd);
  if (nativeId !== undefined && (await wasUnderWay(options.history()))) throw toLost(nativeId);
  return api.read('/session', sessionSchema, { method: 'POST', body: {}, directory: cwd });
}

async function find(api: OpencodeApi, id: string, directory: string): Promise<NativeSession | undefined> {
  if (!id.startsWith('ses')) return undefined;
  try {
    return await api.read(`/session/${id}`, sessionSchema, { directory });
  } catch (error) {
    if (isAppError(error) && error.kind === 'not-found') return undefined;
    throw error;
  }
}

async function fork(api: OpencodeApi, branch: Branch, directory: string): Promise<NativeSession> {
  if ((await find(api, branch.nativeId, directory)) === undefined) throw toLost(branch.nativeId);
  const [next] = await readLater(api, branch, directory);
  const body = next === undefined ? {} : { messageID: next.id };
  return api.read(`/session/${branch.nativeId}/fork`, sessionSchema, { method: 'POST', body, directory });
}

// Messages are deleted one by one, newest first, because OpenCode's own way back would change files as well.
async function rewind(api: OpencodeApi, branch: Branch, directory: string): Promise<NativeSession> {
  const session = await find(api, branch.nativeId, directory);
  if (session === undefined) throw toLost(branch.nativeId);
  const later = await readLater(api, branch, directory);
  for (const { id } of later.toReversed()) {
    await api.send(`/session/${branch.nativeId}/message/${id}`, { method: 'DELETE', directory });
  }
  return session;
}

async function readLater(api: OpencodeApi, { nativeId, point }: Branch, directory: string): Promise<NativeMessage[]> {
  if (point === undefined) return [];
  const all = (await api.read(`/session/${nativeId}/message`, messagesSchema, { directory })).map(({ info }) => info);
  const index = findPoint(all, point);
  if (index >= 0) return all.slice(index + 1);
  const message = `Cannot go back in the conversation ${nativeId}: OpenCode no longer has that point. Choose another turn`;
  throw new AppError('not-found', message);
}

/** Where a point is. A fork gives its copies ids of their own but leaves them their times. */
export function findPoint(messages: readonly NativeMessage[], point: string): number {
  const [id, created] = point.split('@');
  const byId = messages.findIndex((message) => message.id === id);
  if (byId >= 0) return byId;
  return messages.findIndex((message) => message.role === 'assistant' && String(message.time.created) === created);
}

function toLost(nativeId: string): AppError {
  const why = `OpenCode no longer has the conversation ${nativeId}`;
  return new AppError('agent-exited', `Cannot resume: ${why}. Start a new session`);
}
