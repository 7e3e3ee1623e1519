import { basename } from 'node:path';
import type { AcpAgentDefinition } from '@baton/protocol';
import { type GeminiConversation, prepareGeminiHistory, tidyGeminiHistory } from './gemini-history.ts';

/** Repeats a conversation after it said that it is open, and says its commands last. */
export const repeatsLate = (agent: string): boolean => agent === 'gemini-cli';

/** What has to be done before an agent is started to find a conversation again. Never rejects. */
export async function prepareResume(
  { command }: AcpAgentDefinition,
  conversation: Omit<GeminiConversation, 'nativeId'> & { nativeId: string | undefined },
): Promise<void> {
  const { nativeId } = conversation;
  const name = basename(command).replace(/\.(cmd|exe)$/, '');
  if (name === 'gemini' && nativeId !== undefined) await prepareGeminiHistory({ ...conversation, nativeId });
}

/** What has to be done after the conversation was found. Never rejects. */
export async function finishResume(agent: string, conversation: GeminiConversation): Promise<void> {
  if (agent === 'gemini-cli') await tidyGeminiHistory(conversation);
}
