import { basename } from 'node:path';
import type { AcpAgentDefinition } from '@baton/protocol';
import { toGeminiDefaults } from './gemini-defaults.ts';
import { type GeminiConversation, prepareGeminiHistory, tidyGeminiHistory } from './gemini-history.ts';

/** Repeats a conversation after it said that it is open, and says its commands last. */
export const repeatsLate = (agent: string): boolean => agent === 'gemini-cli';

/** What an agent needs in its environment beside all that is set for it. */
export function toOwnVariables(
  definition: AcpAgentDefinition,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  return isGemini(definition) ? toGeminiDefaults(env) : {};
}

const RETRY = /^Attempt \d+ failed(?: with (?:status )?(\d{3}|5xx))?.*Retrying/;

/** What a line of an agent's errors means for a person: that its model failed, and it tries again. */
export function toTrouble(agent: string, line: string): string | undefined {
  const found = agent === 'gemini-cli' ? RETRY.exec(line) : null;
  if (found === null) return undefined;
  const how = found[1] === undefined ? '' : ` with ${found[1]}`;
  return `The request to the model failed${how}. Gemini CLI tries again; you can wait or interrupt.`;
}

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
