import type { Log } from './log/log.ts';

/**
 * What nobody caught is a bug, after which nothing in memory can be trusted: it is logged, everything is ended in order,
 * and the process ends with code 1. The returned function takes the handlers away again.
 */
export function catchFaults({ log, stop }: { log: Log; stop(): Promise<void> }): () => void {
  let met = false;

  function onFault(cause: unknown): void {
    log.error({ err: cause }, 'Baton met a fault that nobody caught; it stops');
    if (met) return;
    met = true;
    // The log is closed by then, and what fails now has been told.
    void stop()
      .catch(() => undefined)
      .then(() => process.exit(1));
  }

  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return () => {
    process.off('uncaughtException', onFault);
    process.off('unhandledRejection', onFault);
  };
}
