import { find, update, without } from '../agent/step.ts';
import type { OpenText, Step } from './state.ts';
import { ensureTurn } from './turn.ts';
import type { Block } from './wire.ts';

export interface Chunk {
  /** The session it belongs to: the conversation's own or a subagent's. */
  sessionId: string;
  type: OpenText['type'];
  content: Block;
  messageId: string | undefined;
}

/** A piece of a message or of reasoning. Another message begins with another id, another type, or after anything else. */
export function applyChunk(step: Step, chunk: Chunk): void {
  const text = toBlockText(chunk.content);
  if (text === '') return;
  const open = find(step.state.texts, chunk.sessionId);
  const goesOn = open?.type === chunk.type && (chunk.messageId === undefined || open.messageId === chunk.messageId);
  const current = open !== undefined && goesOn ? open : startText(step, chunk);
  update(step, { texts: { ...step.state.texts, [chunk.sessionId]: { ...current, text: current.text + text } } });
  step.reports.push({ type: 'item.delta', itemId: current.itemId, field: 'text', text });
}

function startText(step: Step, { sessionId, type, messageId }: Chunk): OpenText {
  endText(step, sessionId);
  const turnId = ensureTurn(step);
  const itemId = step.context.createId('item');
  const parentItemId = find(step.state.agents, sessionId);
  const place = parentItemId === undefined ? {} : { parentItemId };
  step.reports.push({ type: 'item.started', turnId, itemId, ...place, item: { type, text: '' } });
  return { itemId, type, messageId, text: '' };
}

/** Nothing more is added to the open text of a session. */
export function endText(step: Step, sessionId: string): void {
  const open = find(step.state.texts, sessionId);
  if (open === undefined) return;
  update(step, { texts: without(step.state.texts, sessionId) });
  const { itemId, type, text } = open;
  step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}

export function endTexts(step: Step): void {
  for (const sessionId of Object.keys(step.state.texts)) endText(step, sessionId);
}

/** What of a block can be said in words. */
export function toBlockText(block: Block): string {
  switch (block.type) {
    case 'text':
      return block.text ?? '';
    case 'resource_link':
      return `[${block.name ?? 'file'}](${block.uri ?? ''})`;
    case 'resource':
      return block.resource?.text ?? `[${block.resource?.uri ?? 'a resource'}]`;
    case 'image':
      return '[an image]';
    case 'audio':
      return '[a recording]';
    default:
      return '';
  }
}
