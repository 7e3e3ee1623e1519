import type { Clock } from '@baton/core';

export interface WatchdogOptions {
  clock: Clock;
  /** Silence after which a person is told. */
  noticeMs: number;
  /** Silence after which the agent is taken for hung. */
  hangMs: number;
  /** Whether silence means anything now: a running tool or an open question may take any time. */
  isWaiting(): boolean;
  onQuiet(silentMs: number): void;
  onHang(silentMs: number): void;
}

/** Tells an agent that waits for its model from one that hangs: measured agents can be silent for ten minutes. */
export interface Watchdog {
  /** The agent gave a sign of life. Cheap. */
  touch(): void;
  start(): void;
  stop(): void;
}

export function createWatchdog(options: WatchdogOptions): Watchdog {
  const { clock, noticeMs, hangMs } = options;
  let last = clock.now();
  let hasTold = false;
  let cancel: (() => void) | undefined;

  function touch(): void {
    last = clock.now();
    if (!hasTold) return;
    hasTold = false;
    cancel?.();
    arm(noticeMs);
  }

  function look(): void {
    if (!options.isWaiting()) {
      last = clock.now();
      hasTold = false;
    }
    const silentMs = clock.now() - last;
    if (silentMs >= hangMs) {
      cancel = undefined;
      return options.onHang(silentMs);
    }
    if (silentMs >= noticeMs && !hasTold) {
      hasTold = true;
      options.onQuiet(silentMs);
    }
    arm((hasTold ? hangMs : noticeMs) - silentMs);
  }

  function arm(ms: number): void {
    cancel = clock.after(Math.max(ms, 1), look);
  }

  return {
    touch,
    start() {
      cancel?.();
      last = clock.now();
      hasTold = false;
      arm(noticeMs);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      hasTold = false;
    },
  };
}
