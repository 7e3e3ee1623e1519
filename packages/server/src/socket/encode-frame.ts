import type { DownFrame } from '@baton/protocol';

interface Encoded {
  seq: number;
  sessionId: string;
  bytes: Buffer;
}

const events = new WeakMap<object, Encoded>();
const topics = new WeakMap<object, Buffer>();
// All viewers of a session are given the same delta one after the other, and nobody ever asks for it again.
let lastDelta: DownFrame | undefined;
let lastDeltaBytes: Buffer = Buffer.alloc(0);

/** A frame as it goes over a socket: JSON text in one WebSocket message. One that goes to many connections is made once. */
export function encodeFrame(frame: DownFrame): Buffer {
  switch (frame.type) {
    case 'delta':
      if (frame !== lastDelta) lastDeltaBytes = toMessage(frame);
      lastDelta = frame;
      return lastDeltaBytes;
    case 'event':
      return encodeEvent(frame);
    case 'topic': {
      const known = topics.get(frame);
      if (known !== undefined) return known;
      const bytes = toMessage(frame);
      topics.set(frame, bytes);
      return bytes;
    }
    default:
      return toMessage(frame);
  }
}

// By the event inside, since each subscriber may get a frame object of its own around it.
function encodeEvent(frame: Extract<DownFrame, { type: 'event' }>): Buffer {
  const known = events.get(frame.event);
  if (known !== undefined && known.seq === frame.seq && known.sessionId === frame.sessionId) return known.bytes;
  const bytes = toMessage(frame);
  events.set(frame.event, { seq: frame.seq, sessionId: frame.sessionId, bytes });
  return bytes;
}

const WHOLE_TEXT = 0x81;
const TWO_BYTES_FOLLOW = 126;
const EIGHT_BYTES_FOLLOW = 127;

// One message in one frame, as a server sends it (RFC 6455, 5.2): whole, text, not masked, its length in one, two or eight bytes.
function toMessage(frame: DownFrame): Buffer {
  const text = JSON.stringify(frame);
  const length = Buffer.byteLength(text);
  const head = length < TWO_BYTES_FOLLOW ? 2 : length <= 0xffff ? 4 : 10;
  const bytes = Buffer.allocUnsafe(head + length);
  bytes[0] = WHOLE_TEXT;
  bytes[1] = head === 2 ? length : head === 4 ? TWO_BYTES_FOLLOW : EIGHT_BYTES_FOLLOW;
  if (head === 4) bytes.writeUInt16BE(length, 2);
  if (head === 10) bytes.writeBigUInt64BE(BigInt(length), 2);
  bytes.write(text, head, 'utf8');
  return bytes;
}
