import { basename } from 'node:path';
import type { AcpAgentDefinition } from '@baton/protocol';
import {
  type GeminiConversation,
  mendGeminiHistory,
  prepareGeminiHistory,
  tidyGeminiHistory,
} from './gemini-history.ts';
import { type KimiConversation, followKimiTurn } from './kimi-record.ts';
import type { RpcOutcome } from './wire.ts';

/** Repeats a conversation after it said that it is open, and says its commands last. */
export const repeatsLate = (agent: string): boolean => agent === 'gemini-cli';

/**
 * Notes no result for the calls of a turn that is cancelled. The provider refuses such a conversation, so each later prompt
 * would fail; in what it stored each call has one.
 */
export const forgetsCutCalls = (agent: string): boolean => agent === 'gemini-cli';

/** Whether a provider refused a prompt for what the agent has in memory of its calls, as it will refuse each later one. */
export const wasRefusedForCalls = (message: string): boolean => /function (call|response) (parts|turn)/i.test(message);

/**
 * The variable by which the command of a call is known, of an agent that leaves one running when its turn is cancelled as it begins:
 * Codex interrupts it then before it has it in its list of what runs.
 */
export const toCallVariable = (agent: string, callId: string): string | undefined =>
  agent.endsWith('codex-acp') ? `CODEX_TOOL_CALL_ID=${callId}` : undefined;

/** Whether a user's message is one that Claude's agent notes in its user's name when a turn was cut short. */
export const isInterruptWord = (agent: string, text: string): boolean =>
  agent.includes('claude') && text.startsWith('[Request interrupted by user');

/** A user's message without what some agents add to it for their model. */
export const withoutReminders = (text: string): string =>
  text.replace(/\s*<system-reminder>[^]*?<\/system-reminder>/g, '');

const SECOND = 1000;

const isNamed = ({ command }: AcpAgentDefinition, name: string): boolean =>
  basename(command).replace(/\.(cmd|exe)$/, '') === name;

const isGemini = (definition: AcpAgentDefinition): boolean => isNamed(definition, 'gemini');

/** How long an agent may be silent before a person is told. Some ask a failing model again for minutes, in silence. */
export const toQuietMs = (definition: AcpAgentDefinition, usualMs: number): number =>
  ['gemini', 'kimi', 'qwen'].some((name) => isNamed(definition, name)) ? Math.min(usualMs, 25 * SECOND) : usualMs;

type PerhapsOpened = Omit<GeminiConversation, 'nativeId'> & { nativeId: string | undefined };

/** What has to be done before an agent is started to find a conversation again. Never rejects. */
export async function prepareResume(definition: AcpAgentDefinition, conversation: PerhapsOpened): Promise<void> {
  const { nativeId } = conversation;
  if (isGemini(definition) && nativeId !== undefined) await prepareGeminiHistory({ ...conversation, nativeId });
}

/** What has to be done after the conversation was found. Never rejects. */
export async function finishResume(agent: string, conversation: GeminiConversation): Promise<void> {
  if (agent === 'gemini-cli') await tidyGeminiHistory(conversation);
}

/** What has to be done when the agent has ended, for whoever goes on with the conversation elsewhere. Never rejects. */
export async function leaveConversation(definition: AcpAgentDefinition, conversation: PerhapsOpened): Promise<void> {
  const { nativeId } = conversation;
  if (isGemini(definition) && nativeId !== undefined) await mendGeminiHistory({ ...conversation, nativeId });
}

/** What the outcome of a prompt truly was, for agents that do not say it there. Neither it nor what it answers ever rejects. */
export type Truth = (outcome: RpcOutcome) => Promise<RpcOutcome>;

/** Call before a prompt is sent. Undefined: the agent says the truth, and its answer is taken as it comes. */
export function followTurn(agent: string, conversation: KimiConversation): Promise<Truth> | undefined {
  return agent === 'Kimi Code CLI' ? followKimiTurn(conversation) : undefined;
}
