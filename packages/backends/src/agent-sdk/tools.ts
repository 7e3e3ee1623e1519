import type { AgentReport } from '@baton/core';
import { z } from 'zod';
import type { AgentSdk, AskedWith, ToolAnswer } from './wire.ts';

/** The name of our server of tools, as the agent and its user see it. */
export const TOOLS = 'baton';

/**
 * Whether a call needs no approval, because it only tells the user something. The name alone proves nothing: a project may
 * configure a server of the same name.
 */
export function isHarmless(tool: string, { mcpServer }: Pick<AskedWith, 'mcpServer'>): boolean {
  return tool === `mcp__${TOOLS}__notify` && mcpServer?.source === 'sdk';
}

const MAX_TEXT = 1000;
const noticeSchema = z.object({
  level: z.enum(['info', 'warning', 'error']).describe('How much it matters'),
  text: z.string().trim().min(1).max(MAX_TEXT).describe('One or two plain sentences'),
});

const ABOUT =
  'Tell the user something at once, apart from your answer: it is shown at the top of the session and may reach their ' +
  'phone. For what they should know before you are done, such as a finding that changes the task or a step that will take ' +
  'long. Not for progress, and not for questions.';

/** Tools of Baton that run in this very process. */
export function createTools(sdk: AgentSdk, report: (report: AgentReport) => unknown): unknown {
  async function notify(input: unknown): Promise<ToolAnswer> {
    const notice = noticeSchema.safeParse(input);
    if (!notice.success) return toAnswer(`Not told: ${notice.error.issues[0]?.message ?? 'not valid'}`, true);
    void report({ type: 'notice.raised', ...notice.data });
    return toAnswer('The user was told.', false);
  }
  const tools = [sdk.tool('notify', ABOUT, noticeSchema.shape, notify, { annotations: { readOnlyHint: true } })];
  return sdk.createSdkMcpServer({ name: TOOLS, version: '1.0.0', tools });
}

function toAnswer(text: string, isError: boolean): ToolAnswer {
  return { content: [{ type: 'text', text }], ...(isError ? { isError } : {}) };
}
