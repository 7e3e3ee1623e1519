import { update, without } from '../agent/step.ts';
import { type OpenText, type Step, toParent } from './state.ts';
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
  const type = part.type === 'text' ? 'agent-message' : 'reasoning';
  const { id, sessionID: sessionId } = part;
  update(step, { announced: without(step.state.announced, id) });
  const adopted = adoptOrphan(step, { id, type, sessionId });
  if (adopted !== undefined) return adopted;
  const { turn } = step.state;
  const itemId = step.context.createId('item');
  const started: OpenText = { itemId, type, text: '', sessionId, isMuted: false, isOrphan: false };
  update(step, { texts: { ...step.state.texts, [id]: started } });
  if (turn !== undefined) {
    const parent = toParent(step.state, sessionId);
    step.reports.push({ type: 'item.started', turnId: turn.turnId, itemId, ...parent, item: { type, text: '' } });
  }
  return started;
}

function adoptOrphan(
  step: Step,
  { id, type, sessionId }: { id: string; type: OpenText['type']; sessionId: string },
): OpenText | undefined {
  const { texts, closed } = step.state;
  const isIt = (text: OpenText) => text.isOrphan && text.type === type && text.sessionId === sessionId;
  const [orphanId, orphan] = Object.entries(texts).find(([, text]) => isIt(text)) ?? [];
  if (orphanId === undefined || orphan === undefined) return undefined;
  const adopted = { ...orphan, text: '', isMuted: true, isOrphan: false };
  update(step, {
    texts: { ...without(texts, orphanId), [id]: adopted },
    closed: { ...closed, [orphanId]: true },
  });
  return adopted;
}

/** The request is made again: what came of it so far is provisional. */
export function orphanTexts(step: Step, sessionId: string): void {
  const texts = Object.entries(step.state.texts).map(
    ([id, text]) => [id, text.sessionId === sessionId ? { ...text, isMuted: true, isOrphan: true } : text] as const,
  );
  update(step, { texts: Object.fromEntries(texts) });
}

function extend(step: Step, partId: string, text: string): void {
  const open = step.state.texts[partId];
  if (open === undefined || text === '') return;
  update(step, { texts: { ...step.state.texts, [partId]: { ...open, text: open.text + text } } });
  if (!open.isMuted) step.reports.push({ type: 'item.delta', itemId: open.itemId, field: 'text', text });
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
