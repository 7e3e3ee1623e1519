import type { AgentReport, OpenOptions } from '@baton/core';
import type { ItemId, SessionEvent } from '@baton/protocol';
import { foldHistory, type History } from './history.ts';
import { toMessages } from './to-messages.ts';
import type { ChatMessage } from './wire.ts';

/**
 * The running conversation: what is reported goes into the log and into the history at the same time, by the same fold
 * that rebuilds it later.
 */
export interface Conversation {
  report(report: AgentReport): Promise<void>;
  /** An event that the engine writes itself, such as `turn.started`. */
  note(event: SessionEvent): void;
  /** Remembers what lets a provider take its thinking back. */
  sign(itemId: ItemId, signature: string): void;
  /** Signatures belong to one model. */
  forgetSignatures(): void;
  messages(): ChatMessage[];
}

export function createConversation(options: Pick<OpenOptions, 'report'>, history: History): Conversation {
  let current = history;
  const signatures = new Map<ItemId, string>();

  return {
    async report(report) {
      if (report.type === 'turn.ended') current = foldHistory(current, { ...report, durationMs: 0 });
      else if (report.type !== 'item.delta' && report.type !== 'agent.told' && report.type !== 'agent.went-back')
        current = foldHistory(current, report);
      await options.report(report);
    },
    note(event) {
      current = foldHistory(current, event);
    },
    sign(itemId, signature) {
      signatures.set(itemId, signature);
    },
    forgetSignatures() {
      signatures.clear();
    },
    messages: () => toMessages(current, signatures),
  };
}
