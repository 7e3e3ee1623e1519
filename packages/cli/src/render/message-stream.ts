import type { DeltaFrame, ItemId, RecordedEvent } from '@baton/protocol';
import { toPlainLines } from './plain-text.ts';

/**
 * The agent's words as they come, each exactly once: deltas first, then what the end of the item still adds.
 * Gives the text to print; pieces of one message follow each other, messages begin on a line of their own.
 */
export interface MessageStream {
  delta(delta: Pick<DeltaFrame, 'itemId' | 'field' | 'offset' | 'text'>): string;
  event(event: RecordedEvent['event']): string;
  /** What brings the cursor to the start of a line. */
  endLine(): string;
}

export function createMessageStream(): MessageStream {
  // What is printed of each open message.
  const open = new Map<ItemId, string>();
  let isMidLine = false;

  function print(text: string): string {
    if (text !== '') isMidLine = !text.endsWith('\n');
    return toPlainLines(text);
  }

  function endLine(): string {
    const end = isMidLine ? '\n' : '';
    isMidLine = false;
    return end;
  }

  return {
    endLine,
    delta({ itemId, field, offset, text }) {
      const printed = open.get(itemId);
      if (field !== 'text' || printed === undefined) return '';
      // Repeats come after a reconnect, with the text so far from the start.
      const added = text.slice(Math.max(0, printed.length - offset));
      if (offset > printed.length || added === '') return '';
      open.set(itemId, printed + added);
      return print(added);
    },
    event(event) {
      if (event.type === 'item.started' && event.item.type === 'agent-message') {
        open.set(event.itemId, event.item.text);
        return endLine() + print(event.item.text);
      }
      if (event.type !== 'item.ended' || event.item.type !== 'agent-message') return '';
      const printed = open.get(event.itemId) ?? '';
      open.delete(event.itemId);
      const { text } = event.item;
      // What was streamed was not what was meant: the whole is printed once more.
      const rest = text.startsWith(printed) ? text.slice(printed.length) : `\n${text}`;
      return print(rest) + endLine();
    },
  };
}
