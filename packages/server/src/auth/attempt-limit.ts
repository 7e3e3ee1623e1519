import { isIPv6 } from 'node:net';
import type { Clock } from '@baton/core';
import { AppError } from '@baton/protocol';

/** Counts failures in a window of one minute, per address and for all addresses together. */
export interface AttemptLimit {
  /** Throws `rate-limited` with the seconds to wait while too many attempts of this address failed. For a wrong key only. */
  check(address: string): void;
  fail(address: string): void;
}

const WINDOW_MS = 60_000;
// Everybody together may fail this many times more often than one address.
const GLOBAL_FACTOR = 10;
const MAX_ADDRESSES = 10_000;

interface Window {
  startedAt: number;
  failures: number;
}

export function createAttemptLimit(clock: Clock, perMinute: number): AttemptLimit {
  const windows = new Map<string, Window>();
  const global: Window = { startedAt: 0, failures: 0 };

  function isSpent(window: Window | undefined, limit: number): window is Window {
    return window !== undefined && clock.now() - window.startedAt < WINDOW_MS && window.failures >= limit;
  }

  return {
    check(address) {
      const own = windows.get(toAddressKey(address));
      const spent = isSpent(own, perMinute) ? own : isSpent(global, perMinute * GLOBAL_FACTOR) ? global : undefined;
      if (spent === undefined) return;
      const retryAfter = Math.max(1, Math.ceil((spent.startedAt + WINDOW_MS - clock.now()) / 1000));
      throw new AppError('rate-limited', `Too many wrong keys: try again in ${retryAfter} seconds`, { retryAfter });
    },
    fail(address) {
      const key = toAddressKey(address);
      if (windows.size >= MAX_ADDRESSES && !windows.has(key)) windows.clear();
      const own = windows.get(key) ?? { startedAt: 0, failures: 0 };
      windows.set(key, own);
      countFailure(own, clock.now());
      countFailure(global, clock.now());
    },
  };
}

function countFailure(window: Window, now: number): void {
  if (now - window.startedAt >= WINDOW_MS) {
    window.startedAt = now;
    window.failures = 0;
  }
  window.failures += 1;
}

/** One budget per IPv4 address however it is written, and per /64 of IPv6, which is what one subscriber gets. */
export function toAddressKey(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.join(':')}::/64`;
}
