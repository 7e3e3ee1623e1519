import type { SessionFrame } from '@baton/core';

const encoded = new WeakMap<object, { seq: number; sessionId: string; text: string }>();

/** A frame as server-sent event. Events carry their seq as id and no name; everything else is named and has no id. */
export function encodeServerSent(frame: SessionFrame): string {
  if (frame.type !== 'event') {
    const { type, ...data } = frame;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }
  const known = encoded.get(frame.event);
  if (known !== undefined && known.seq === frame.seq && known.sessionId === frame.sessionId) return known.text;
  const { type: _, ...recorded } = frame;
  const text = `id: ${frame.seq}\ndata: ${JSON.stringify(recorded)}\n\n`;
  encoded.set(frame.event, { seq: frame.seq, sessionId: frame.sessionId, text });
  return text;
}
