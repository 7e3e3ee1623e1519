import { isHarmless } from './tools.ts';
import type { AskedWith, CanUseTool } from './wire.ts';

/** What the agent wants to do, put to the session in the CLI's words, and the answers to it. */
export interface Asker {
  readonly canUseTool: CanUseTool;
  /** An answer nobody waits for is left alone. */
  answer(requestId: string, response: unknown): void;
  /** Whoever waits learns that no answer will come. */
  close(): void;
}

export function createAsker(session: {
  tell(message: unknown): Promise<unknown>;
  /** Resolves when the session has dealt with what it was told. */
  whenDone(): Promise<unknown>;
}): Asker {
  const waiting = new Map<string, (answer: unknown) => void>();

  async function canUseTool(tool: string, input: unknown, asked: AskedWith): Promise<unknown> {
    if (isHarmless(tool, asked)) return { behavior: 'allow', updatedInput: input };
    const { requestId, signal } = asked;
    // The SDK calls before it hands over what the agent said until then, which is to be told first.
    await new Promise((resolve) => setImmediate(resolve));
    await session.whenDone();
    if (signal.aborted) return null;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(requestId, resolve);
    signal.addEventListener('abort', () => {
      if (!waiting.delete(requestId)) return;
      void session.tell({ type: 'control_cancel_request', request_id: requestId });
      resolve(null);
    });
    void session.tell({ type: 'control_request', request_id: requestId, request: toRequest(tool, input, asked) });
    return promise;
  }

  return {
    canUseTool,
    answer(requestId, response) {
      const resolve = waiting.get(requestId);
      waiting.delete(requestId);
      resolve?.(response);
    },
    close() {
      for (const resolve of waiting.values()) resolve(null);
      waiting.clear();
    },
  };
}

function toRequest(tool: string, input: unknown, asked: AskedWith): Record<string, unknown> {
  return {
    subtype: 'can_use_tool',
    tool_name: tool,
    input,
    tool_use_id: asked.toolUseID,
    agent_id: asked.agentID,
    permission_suggestions: asked.suggestions,
    suppress_always_allow_rule: asked.suppressAlwaysAllowRule,
    decision_reason: asked.decisionReason,
    decision_reason_type: asked.decisionReasonType,
  };
}
