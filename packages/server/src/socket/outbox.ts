import type { Duplex } from 'node:stream';
import type { DownFrame } from '@baton/protocol';
import type { WebSocket } from 'ws';
import { encodeFrame } from './encode-frame.ts';

/** What waits to be read by one peer, bounded by bytes. */
export interface Outbox {
  /** Answers what the peer itself asked for. Ends a peer that asks without ever reading. */
  send(frame: DownFrame): void;
  /** Sends what comes by itself; false says that no more should come until `onRoom`. */
  offer(frame: DownFrame): boolean;
  /** Hands over what was sent so far; to be called before the socket sends something of its own that ends it. */
  flush(): void;
  readonly waiting: number;
}

export const HIGH_WATER = 8 * 1024 * 1024;
const LOW_WATER = 1024 * 1024;
const HARD_LIMIT = 4 * HIGH_WATER;
const MOST_AT_ONCE = 256 * 1024;

// What is sent in one turn of the event loop goes to the system as one piece for each peer: with many agents that stream,
// or a log that is read from its start, thousands of frames would otherwise be thousands of calls.
let due: (() => void)[] = [];

function flushAll(): void {
  const flushes = due;
  due = [];
  for (const flush of flushes) flush();
}

/**
 * Frames are handed to the wire under the socket, already as messages: what is made once for many peers is also framed
 * once. Nothing is compressed, so no message of the socket itself can be under way in pieces.
 */
export function createOutbox({ socket, wire }: { socket: WebSocket; wire: Duplex }, onRoom: () => void): Outbox {
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let full = false;

  function countWaiting(): number {
    return socket.bufferedAmount + gatheredBytes;
  }

  // One function for all writes: it is called when the system has taken their bytes.
  function onTaken(): void {
    if (!full || countWaiting() > LOW_WATER) return;
    full = false;
    onRoom();
  }

  function flush(): void {
    const [first] = gathered;
    if (first === undefined) return;
    const bytes = gathered.length === 1 ? first : Buffer.concat(gathered, gatheredBytes);
    gathered = [];
    gatheredBytes = 0;
    if (socket.readyState === socket.OPEN) wire.write(bytes, onTaken);
  }

  function write(frame: DownFrame): void {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = encodeFrame(frame);
    if (gathered.length === 0 && due.push(flush) === 1) setImmediate(flushAll);
    gathered.push(bytes);
    gatheredBytes += bytes.length;
    if (gatheredBytes > MOST_AT_ONCE) flush();
  }

  return {
    send(frame) {
      write(frame);
      if (countWaiting() > HARD_LIMIT) socket.terminate();
    },
    offer(frame) {
      write(frame);
      if (countWaiting() >= HIGH_WATER) full = true;
      return !full;
    },
    flush,
    get waiting() {
      return countWaiting();
    },
  };
}
