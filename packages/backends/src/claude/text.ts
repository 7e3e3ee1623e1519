import { update } from '../agent/step.ts';
import type { OpenText, Step } from './state.ts';
import { ensureTurn } from './turn.ts';
import { noteContext, noteRequest } from './usage.ts';
import type { StreamEvent } from './wire.ts';

type TextType = OpenText['type'];

/** Streamed text of the main thread: shown at once, and provisional until the whole message comes. */
export function applyStreamEvent(step: Step, event: StreamEvent): void {
  switch (event.type) {
    case 'message_start':
      noteRequest(step, event.message.usage ?? {});
      return startMessage(step, event.message.id);
    case 'message_delta':
      noteRequest(step, event.usage ?? {});
      return noteContext(step);
    case 'content_block_start':
      if (event.content_block.type === 'text') startText(step, 'agent-message', event.index);
      return;
    case 'content_block_delta':
      if (event.delta.type === 'text_delta')
        extend(step, { type: 'agent-message', index: event.index, text: event.delta.text ?? '' });
      if (event.delta.type === 'thinking_delta')
        extend(step, { type: 'reasoning', index: event.index, text: event.delta.thinking ?? '' });
      return;
    default:
      return;
  }
}

// A stream that breaks off is begun anew under another id, and nothing says so: what is open then is an orphan.
function startMessage(step: Step, messageId: string): void {
  ensureTurn(step, { isBackground: false });
  const texts = step.state.texts.map((text) => (text.messageId === messageId ? text : { ...text, isOrphan: true }));
  update(step, { messageId, texts });
}

function startText(step: Step, type: TextType, index: number): OpenText {
  const messageId = step.state.messageId ?? '';
  const orphan = step.state.texts.find((text) => text.isOrphan && text.type === type);
  if (orphan !== undefined) {
    const adopted = { ...orphan, messageId, index, text: '', isOrphan: false, isMuted: true };
    update(step, { texts: step.state.texts.map((text) => (text === orphan ? adopted : text)) });
    return adopted;
  }
  const turnId = ensureTurn(step, { isBackground: false });
  const itemId = step.context.createId('item');
  const started = { itemId, type, messageId, index, text: '', isOrphan: false, isMuted: false };
  update(step, { texts: [...step.state.texts, started] });
  step.reports.push({ type: 'item.started', turnId, itemId, item: { type, text: '' } });
  return started;
}

function extend(step: Step, { type, index, text }: { type: TextType; index: number; text: string }): void {
  if (text === '') return;
  const isIt = (open: OpenText) => !open.isOrphan && open.type === type && open.index === index;
  // Reasoning begins with its first words, because many models send none.
  const open = step.state.texts.find(isIt) ?? startText(step, type, index);
  const longer = { ...open, text: open.text + text };
  update(step, { texts: step.state.texts.map((other) => (other.itemId === open.itemId ? longer : other)) });
  if (!open.isMuted) step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'text', text });
}

/** A whole block of the main thread: closes what streamed of it, or stands for itself where nothing did. */
export function applyWholeText(step: Step, block: { type: TextType; text: string; messageId: string }): void {
  const { type, text, messageId } = block;
  const candidates = step.state.texts.filter((open) => open.type === type);
  const current = candidates.find((one) => one.messageId === messageId && !one.isOrphan);
  // A stream can also be given up for a request that does not stream, of which only the whole text comes.
  const open = current ?? candidates.find((one) => one.isOrphan || one.messageId !== messageId);
  if (text !== '' && type === 'agent-message') markSpoken(step);
  if (open === undefined && text === '') return;
  const { itemId } = open ?? startText(step, type, -1);
  update(step, { texts: step.state.texts.filter((other) => other.itemId !== itemId) });
  step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}

function markSpoken(step: Step): void {
  ensureTurn(step, { isBackground: false });
  const { turn } = step.state;
  if (turn !== undefined) update(step, { turn: { ...turn, hasSpoken: true } });
}

/** Closes texts with what came of them. */
export function endTexts(step: Step, isOver: (text: OpenText) => boolean): void {
  const over = step.state.texts.filter(isOver);
  update(step, { texts: step.state.texts.filter((text) => !isOver(text)) });
  for (const { itemId, type, text } of over) step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}
