import { basename } from 'node:path';
import type { AcpAgentDefinition } from '@baton/protocol';
import { type GeminiConversation, prepareGeminiHistory, tidyGeminiHistory } from './gemini-history.ts';

/** Repeats a conversation after it said that it is open, and says its commands last. */
export const repeatsLate = (agent: string): boolean => agent === 'gemini-cli';

const SECOND = 1000;

/** How long an agent may be silent before a person is told. Gemini CLI asks a failing model again for minutes, in silence. */
export const toQuietMs = (definition: AcpAgentDefinition, usualMs: number): number =>
  isGemini(definition) ? Math.min(usualMs, 25 * SECOND) : usualMs;

/** What has to be done before an agent is started to find a conversation again. Never rejects. */
export async function prepareResume(
  definition: AcpAgentDefinition,
  conversation: Omit<GeminiConversation, 'nativeId'> & { nativeId: string | undefined },
): Promise<void> {
  const { nativeId } = conversation;
  if (isGemini(definition) && nativeId !== undefined) await prepareGeminiHistory({ ...conversation, nativeId });
}

const isGemini = ({ command }: AcpAgentDefinition) => basename(command).replace(/\.(cmd|exe)$/, '') === 'gemini';

/** What has to be done after the conversation was found. Never rejects. */
export async function finishResume(agent: string, conversation: GeminiConversation): Promise<void> {
  if (agent === 'gemini-cli') await tidyGeminiHistory(conversation);
}
