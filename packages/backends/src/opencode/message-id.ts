import { randomBytes } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LOW_48_BITS = 0xff_ff_ff_ff_ff_ffn;

let lastMs = 0;
let count = 0;

/**
 * An id of a message as OpenCode makes them: it orders messages by id, so ids grow with time, and ours have to fit in.
 * Two of one millisecond differ in the counter.
 */
export function createMessageId(nowMs: number): string {
  count = nowMs === lastMs ? count + 1 : 1;
  lastMs = nowMs;
  const order = (BigInt(nowMs) * 0x10_00n + BigInt(count)) & LOW_48_BITS;
  const chance = [...randomBytes(14)].map((byte) => LETTERS[byte % LETTERS.length] ?? '0').join('');
  return `msg_${order.toString(16).padStart(12, '0')}${chance}`;
}
