import type { Item, SessionEvent } from '@baton/protocol';
import { toPlainText } from '@baton/protocol';

/** A piece of a conversation that can be searched for. */
export interface Passage {
  /** Milliseconds since the epoch. */
  at: number;
  turnId?: string | undefined;
  itemId?: string | undefined;
  text: string;
}

const MAX_TEXT = 20_000;
/** What a tool printed is searched by its beginning: errors and names stand there, the rest is bulk. */
const MAX_OUTPUT = 2000;

/** The text of one event that people look for; undefined when it has none. Pure. */
export function toPassage({ at, event }: { at: string; event: SessionEvent }): Passage | undefined {
  const found = read(event);
  if (found === undefined) return undefined;
  const text = found.text.trim().slice(0, MAX_TEXT);
  return text === '' ? undefined : { ...found, text, at: Date.parse(at) };
}

function read(event: SessionEvent): Omit<Passage, 'at'> | undefined {
  switch (event.type) {
    case 'turn.started':
    case 'turn.steered':
      return { turnId: event.turnId, text: toPlainText(event.input) };
    case 'item.ended':
      return { itemId: event.itemId, text: toText(event.item) };
    default:
      return undefined;
  }
}

function toText(item: Item): string {
  switch (item.type) {
    case 'agent-message':
      return item.text;
    case 'tool-call':
      return [item.title, ...(item.output ?? []).map(toOutputText)].join('\n').slice(0, MAX_OUTPUT);
    case 'error':
      return item.message;
    // Reasoning is long and repeats what the answer says; what a person typed is found by its turn.
    case 'reasoning':
    case 'user-message':
      return '';
  }
}

function toOutputText(output: NonNullable<Extract<Item, { type: 'tool-call' }>['output']>[number]): string {
  switch (output.type) {
    case 'text':
    case 'terminal':
      return output.text;
    case 'diff':
      return output.path;
    case 'image':
      return '';
  }
}
