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
  readonly waiting: number;
}

export const HIGH_WATER = 8 * 1024 * 1024;
const LOW_WATER = 1024 * 1024;
const HARD_LIMIT = 4 * HIGH_WATER;
const TEXT = { binary: false };

export function createOutbox({ socket, wire }: { socket: WebSocket; wire: Duplex }, onRoom: () => void): Outbox {
  let full = false;
  let corked = false;

  // One function for all frames: it is called when the system has taken a frame's bytes.
  function onTaken(): void {
    if (!full || socket.bufferedAmount > LOW_WATER) return;
    full = false;
    onRoom();
  }

  function uncork(): void {
    corked = false;
    wire.uncork();
  }

  // Frames that come together go to the system together: a replay of thousands would otherwise be thousands of calls.
  function write(frame: DownFrame): void {
    if (socket.readyState !== socket.OPEN) return;
    if (!corked) {
      corked = true;
      wire.cork();
      process.nextTick(uncork);
    }
    socket.send(encodeFrame(frame), TEXT, onTaken);
  }

  return {
    send(frame) {
      write(frame);
      if (socket.bufferedAmount > HARD_LIMIT) socket.terminate();
    },
    offer(frame) {
      write(frame);
      if (socket.bufferedAmount >= HIGH_WATER) full = true;
      return !full;
    },
    get waiting() {
      return socket.bufferedAmount;
    },
  };
}
