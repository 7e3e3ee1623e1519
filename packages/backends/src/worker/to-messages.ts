import type { InputPart, ItemId, ToolCallItem, ToolOutput } from '@baton/protocol';
import type { History, HistoryEntry, HistoryTurn } from './history.ts';
import type { AssistantPart, CallResult, ChatMessage, ImageContent, UserPart } from './wire.ts';

/** Signatures of thinking that this process has seen, without which a provider does not take thinking back. */
export type Signatures = ReadonlyMap<ItemId, string>;

/**
 * The messages a model gets: roles alternate, beginning with the user; every call has its result in the next message;
 * nothing is empty. Holds for any history, also of turns that were cut anywhere.
 */
export function toMessages(history: History, signatures: Signatures = new Map()): ChatMessage[] {
  const messages: ChatMessage[] = [];
  if (history.summary !== undefined) {
    pushUser(messages, [{ type: 'text', text: `${SUMMARY_INTRO}\n\n${history.summary}` }]);
  }
  for (const turn of history.turns) {
    pushUser(messages, toPromptParts(turn));
    pushUser(messages, toSteerParts(turn, -1));
    for (const [number, group] of toGroups(turn.entries)) {
      pushAssistant(
        messages,
        group.flatMap((entry) => toAssistantParts(entry, signatures)),
      );
      pushUser(messages, group.flatMap(toResults));
      pushUser(messages, toSteerParts(turn, number));
    }
    // What came too late for its turn is read with the next.
    if (turn.outcome !== undefined)
      pushUser(
        messages,
        turn.waiting.flatMap((input) => toAdded({ input, files: [] })),
      );
    if (turn.outcome === 'interrupted') pushUser(messages, [{ type: 'text', text: INTERRUPTED }]);
  }
  return messages;
}

const SUMMARY_INTRO = 'The conversation so far was summarised to make room. This is the summary:';
const ADDED = 'The user added while you were working:';
const INTERRUPTED = '[The user stopped you here.]';
const NO_RESULT = 'There is no result: the work was cut off before this call ended.';

/** What the model is told of a call that has ended. The one place for it, so that resuming tells the same. */
export function toResultText(item: ToolCallItem): string {
  const text = (item.output ?? [])
    .map(toOutputText)
    .filter((part) => part !== '')
    .join('\n');
  if (item.status === 'interrupted') return `${text}\n${NO_RESULT}`.trim();
  return text === '' && item.status === 'completed' ? 'Done.' : text;
}

function toOutputText(output: ToolOutput): string {
  switch (output.type) {
    case 'text':
      return output.text + toCutNote(output.cut);
    case 'terminal':
      return `${output.text}${toCutNote(output.cut)}${toExitNote(output.exitCode)}`;
    case 'diff':
      return `${output.path}: ${output.added} lines added, ${output.removed} removed.`;
    case 'image':
      return '';
  }
}

const toCutNote = (cut: number | undefined): string =>
  cut === undefined || cut === 0 ? '' : `\n[${cut} characters were left out]`;

const toExitNote = (code: number | null | undefined): string =>
  code == null || code === 0 ? '' : `\n[exit code ${code}]`;

function pushUser(messages: ChatMessage[], parts: UserPart[]): void {
  const last = messages.at(-1);
  if (parts.length === 0) return;
  if (last?.role === 'user') last.parts.push(...parts);
  else messages.push({ role: 'user', parts });
}

// A history that begins in its middle has no prompt before its first answer.
function pushAssistant(messages: ChatMessage[], parts: AssistantPart[]): void {
  if (parts.length === 0) return;
  if (messages.length === 0) messages.push({ role: 'user', parts: [{ type: 'text', text: '(continued)' }] });
  const last = messages.at(-1);
  if (last?.role === 'assistant') last.parts.push(...parts);
  else messages.push({ role: 'assistant', parts });
}

function toSteerParts({ steers }: HistoryTurn, group: number): UserPart[] {
  return steers.filter(({ after }) => after === group).flatMap(toAdded);
}

function toAdded(added: Pick<HistoryTurn, 'input' | 'files'>): UserPart[] {
  const parts = toPromptParts(added);
  return parts.length === 0 ? [] : [{ type: 'text', text: ADDED }, ...parts];
}

function toPromptParts({ input, files }: Pick<HistoryTurn, 'input' | 'files'>): UserPart[] {
  const parts = input.flatMap((part) => toPromptPart(part));
  const contents = files.map(({ path, text }) => ({
    type: 'text' as const,
    text: `<file path="${path}">\n${text}\n</file>`,
  }));
  return [...contents, ...parts];
}

function toPromptPart(part: InputPart): UserPart[] {
  if (part.type === 'image') return [part];
  const text = part.type === 'file' ? `@${part.path}` : part.text;
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function toGroups(entries: readonly HistoryEntry[]): [number, HistoryEntry[]][] {
  return [...Map.groupBy(entries, (entry) => entry.group)];
}

function toAssistantParts({ item, itemId }: HistoryEntry, signatures: Signatures): AssistantPart[] {
  switch (item.type) {
    case 'agent-message':
      return item.text.trim() === '' ? [] : [{ type: 'text', text: item.text }];
    case 'reasoning': {
      const signature = signatures.get(itemId);
      return signature === undefined ? [] : [{ type: 'thinking', text: item.text, signature }];
    }
    case 'tool-call':
      return [{ type: 'call', id: itemId, name: item.tool, input: toInput(item.input) }];
    default:
      return [];
  }
}

// A call whose input was no object is sent back as an empty one: providers refuse anything else.
function toInput(input: unknown): unknown {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {};
}

function toResults({ item, itemId, isOpen }: HistoryEntry): CallResult[] {
  if (item.type !== 'tool-call') return [];
  const images = (item.output ?? []).flatMap(toImage);
  const isError = isOpen || item.status !== 'completed';
  return [{ type: 'result', callId: itemId, text: isOpen ? NO_RESULT : toResultText(item), images, isError }];
}

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

function toImage(output: ToolOutput): ImageContent[] {
  if (output.type !== 'image') return [];
  const mediaType = IMAGE_TYPES.find((type) => type === output.mediaType);
  return mediaType === undefined ? [] : [{ type: 'image', mediaType, data: output.data }];
}
