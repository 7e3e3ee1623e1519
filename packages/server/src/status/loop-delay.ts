import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@baton/core';
import { every } from '../clock.ts';

/** How late the event loop was, in milliseconds. */
export interface LoopDelay {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** Looks fifty times a second: fine enough for what a person notices, and nothing to a machine that sleeps. */
const RESOLUTION_MS = 20;
const WINDOW_MS = 60_000;

/** Measures from now on; tells the window before the present one and the present one together. */
export function createLoopDelayMonitor(clock: Clock): { read(): LoopDelay; close(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let before: LoopDelay | undefined;
  const cancel = every(clock, WINDOW_MS, () => {
    before = readWindow();
    histogram.reset();
  });

  // Node records the time between two looks, which is the resolution when nothing is late.
  function toLate(nanoseconds: number): number {
    return Math.max(0, Math.round((nanoseconds / 1e6 - RESOLUTION_MS) * 100) / 100);
  }

  function readWindow(): LoopDelay {
    if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
    return {
      p50Ms: toLate(histogram.percentile(50)),
      p99Ms: toLate(histogram.percentile(99)),
      maxMs: toLate(histogram.max),
    };
  }

  return {
    read() {
      const now = readWindow();
      if (before === undefined) return now;
      return {
        p50Ms: Math.max(now.p50Ms, before.p50Ms),
        p99Ms: Math.max(now.p99Ms, before.p99Ms),
        maxMs: Math.max(now.maxMs, before.maxMs),
      };
    },
    close() {
      cancel();
      histogram.disable();
    },
  };
}
