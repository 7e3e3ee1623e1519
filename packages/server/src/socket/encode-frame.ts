import type { DownFrame } from '@baton/protocol';

interface Encoded {
  seq: number;
  sessionId: string;
  bytes: Buffer;
}

const events = new WeakMap<object, Encoded>();
const others = new WeakMap<object, Buffer>();

/** The bytes of a frame. A frame that goes to many connections is serialised once. */
export function encodeFrame(frame: DownFrame): Buffer {
  if (frame.type === 'event') return encodeEvent(frame);
  if (frame.type !== 'delta' && frame.type !== 'topic') return toBytes(frame);
  const known = others.get(frame);
  if (known !== undefined) return known;
  const bytes = toBytes(frame);
  others.set(frame, bytes);
  return bytes;
}

// By the event inside, since each subscriber may get a frame object of its own around it.
function encodeEvent(frame: Extract<DownFrame, { type: 'event' }>): Buffer {
  const known = events.get(frame.event);
  if (known !== undefined && known.seq === frame.seq && known.sessionId === frame.sessionId) return known.bytes;
  const bytes = toBytes(frame);
  events.set(frame.event, { seq: frame.seq, sessionId: frame.sessionId, bytes });
  return bytes;
}

function toBytes(frame: DownFrame): Buffer {
  return Buffer.from(JSON.stringify(frame));
}
