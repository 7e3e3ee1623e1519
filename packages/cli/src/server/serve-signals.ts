import { canRestart, RESTART_SIGNAL } from './restart-signal.ts';

/** What comes within this time is the same signal by another way: terminal, npm and launcher all pass it on. */
const SAME_SIGNAL_MS = 1000;

/** What whoever runs `baton serve` is told from outside. */
export interface ServeSignals {
  first: Promise<'stop' | 'restart'>;
  second: Promise<'forced'>;
  /** Whether the end was asked for, also after a restart was. */
  isToldToStop(): boolean;
}

let listening: ServeSignals | undefined;

/** From the first call on the process no longer ends by these signals. */
export function listenForSignals(): ServeSignals {
  listening ??= listen();
  return listening;
}

function listen(): ServeSignals {
  const first = Promise.withResolvers<'stop' | 'restart'>();
  const second = Promise.withResolvers<'forced'>();
  let firstAt: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      firstAt ??= performance.now();
      first.resolve('stop');
      if (performance.now() - firstAt > SAME_SIGNAL_MS) second.resolve('forced');
    });
  }
  if (canRestart()) process.on(RESTART_SIGNAL, () => first.resolve('restart'));
  return { first: first.promise, second: second.promise, isToldToStop: () => firstAt !== undefined };
}
