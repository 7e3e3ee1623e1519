import { update } from '../agent/step.ts';
import { type OpenText, type Step, toKey } from './state.ts';
import { ensureTurn, toPlace } from './turn.ts';

type TextType = OpenText['type'];

export interface TextPlace {
  threadId: string;
  itemId: string;
  type: TextType;
}

/** A message begins. Reasoning begins with its first words, because many models send none. */
export function startText(step: Step, { threadId, itemId, type }: TextPlace): OpenText {
  const key = toKey(threadId, itemId);
  const known = step.state.texts.find((text) => text.key === key);
  if (known !== undefined) return known;
  const orphan = step.state.texts.find((text) => text.isOrphan && text.type === type && text.threadId === threadId);
  if (orphan !== undefined) {
    const adopted = { ...orphan, key, text: '', part: 0, isOrphan: false, isMuted: true };
    update(step, { texts: step.state.texts.map((text) => (text === orphan ? adopted : text)) });
    return adopted;
  }
  const ours = step.context.createId('item');
  const started = { key, threadId, itemId: ours, type, text: '', part: 0, isOrphan: false, isMuted: false };
  const turn = ensureTurn(step);
  update(step, { texts: [...step.state.texts, started] });
  step.reports.push({
    type: 'item.started',
    turnId: turn,
    itemId: ours,
    ...toPlace(step, threadId),
    item: { type, text: '' },
  });
  return started;
}

/** More of a text. A new part of a summary begins a paragraph. */
export function extendText(step: Step, place: TextPlace, more: { delta: string; part?: number }): void {
  const { delta, part = 0 } = more;
  if (delta === '') return;
  const open = startText(step, place);
  const said = part > open.part && open.text !== '' ? `\n\n${delta}` : delta;
  const longer = { ...open, text: open.text + said, part };
  update(step, { texts: step.state.texts.map((other) => (other.itemId === open.itemId ? longer : other)) });
  if (!open.isMuted) step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'text', text: said });
}

/** The whole text: closes what streamed of it, or stands for itself where nothing did. Nothing comes of nothing. */
export function endText(step: Step, place: TextPlace, text: string): void {
  const key = toKey(place.threadId, place.itemId);
  const known = step.state.texts.find((open) => open.key === key);
  if (known === undefined && text === '') return;
  const { itemId, type } = known ?? startText(step, place);
  update(step, { texts: step.state.texts.filter((other) => other.itemId !== itemId) });
  step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}

/** The stream broke off and is tried again, under new ids: what is open waits for what comes instead. */
export function orphanTexts(step: Step, threadId: string): void {
  update(step, {
    texts: step.state.texts.map((text) => (text.threadId === threadId ? { ...text, isOrphan: true } : text)),
  });
}

/** Closes texts with what came of them. */
export function endTexts(step: Step, isOver: (text: OpenText) => boolean): void {
  const over = step.state.texts.filter(isOver);
  update(step, { texts: step.state.texts.filter((text) => !isOver(text)) });
  for (const { itemId, type, text } of over) step.reports.push({ type: 'item.ended', itemId, item: { type, text } });
}
