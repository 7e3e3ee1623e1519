import { type OpenText, type Step, toParent, update, without } from './state.ts';
import type { NativeTextPart } from './wire.ts';

/** A text part as it is now: begins it, goes on with it, or ends it. */
export function applyText(step: Step, part: NativeTextPart): void {
  if (step.state.closed[part.id] || part.synthetic === true || part.ignored === true) return;
  if (part.text === '' && step.state.texts[part.id] === undefined) {
    update(step, { announced: { ...step.state.announced, [part.id]: part } });
    return;
  }
  const { text } = step.state.texts[part.id] ?? startText(step, part);
  if (part.text.startsWith(text)) extend(step, part.id, part.text.slice(text.length));
  if (part.time?.end !== undefined) endText(step, part.id, part.text);
}

/** More of a text. What belongs to no text that is open has been told otherwise. */
export function extendText(step: Step, partId: string, text: string): void {
  const announced = step.state.announced[partId];
  if (announced !== undefined && text !== '') startText(step, announced);
  extend(step, partId, text);
}

function startText(step: Step, part: NativeTextPart): OpenText {
  const { turn } = step.state;
  const type = part.type === 'text' ? 'agent-message' : 'reasoning';
  const itemId = step.context.createId('item');
  const started: OpenText = { itemId, type, text: '', isMuted: false };
  update(step, {
    texts: { ...step.state.texts, [part.id]: started },
    announced: without(step.state.announced, part.id),
  });
  if (turn !== undefined) {
    const parent = toParent(step.state, part.sessionID);
    step.reports.push({ type: 'item.started', turnId: turn.turnId, itemId, ...parent, item: { type, text: '' } });
  }
  return started;
}

function extend(step: Step, partId: string, text: string): void {
  const open = step.state.texts[partId];
  if (open === undefined || open.isMuted || text === '') return;
  update(step, { texts: { ...step.state.texts, [partId]: { ...open, text: open.text + text } } });
  step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'text', text });
}

/** Ends a part with its whole text, or with what came of it. */
export function endText(step: Step, partId: string, whole?: string): void {
  const open = step.state.texts[partId];
  if (open === undefined) return;
  update(step, { texts: without(step.state.texts, partId), closed: { ...step.state.closed, [partId]: true } });
  step.reports.push({ type: 'item.ended', itemId: open.itemId, item: { type: open.type, text: whole ?? open.text } });
}

export function endTexts(step: Step): void {
  for (const partId of Object.keys(step.state.texts)) endText(step, partId);
}

/** Pieces may have been missed, and nobody tells where the next one belongs: open texts wait for their whole. */
export function muteTexts(step: Step): void {
  const texts = Object.entries(step.state.texts).map(([id, text]) => [id, { ...text, isMuted: true }] as const);
  update(step, { texts: Object.fromEntries(texts), announced: {} });
}
