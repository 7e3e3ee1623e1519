import type { Engine } from '@baton/core';
import type { Features } from './compose-features.ts';
import type { Log } from './log/log.ts';
import type { Server } from './serve.ts';

/** Agents are ended within this, also those of a runner that hangs; what is left then is found by the next start. */
const ENGINE_STOP_MS = 20_000;

export interface StopOptions {
  /** `leave`: those that can outlive this process work on, for the next server to take up. Default `end`. */
  agents?: 'end' | 'leave';
}

export interface ShutdownParts {
  server: Server;
  engine: Engine;
  features: Pick<Features, 'stop'>;
  log: Log;
  /** What to close at the very end, in order. */
  close: readonly (() => unknown)[];
}

/** Stops in order: no new work, agents end while clients still see it, clients are told, the log is closed. Runs once. */
export function createShutdown(parts: ShutdownParts): (options?: StopOptions) => Promise<void> {
  let stopping: Promise<void> | undefined;
  return ({ agents = 'end' } = {}) => {
    stopping ??= shutDown(parts, agents);
    return stopping;
  };
}

async function shutDown(
  { server, engine, features, log, close }: ShutdownParts,
  agents: 'end' | 'leave',
): Promise<void> {
  log.info({ agents }, 'Stopping');
  server.refuseWork();
  await attempt(log, () => features.stop());
  await attempt(log, () => withinBound(engine.stop({ agents }), log));
  await attempt(log, () => server.close());
  for (const step of close) await attempt(log, step);
  log.info({}, 'Stopped');
  log.close();
}

// One step that fails must not keep the others from running.
async function attempt(log: Log, step: () => unknown): Promise<void> {
  try {
    await step();
  } catch (cause) {
    log.error({ err: cause }, 'A step of the shutdown failed');
  }
}

async function withinBound(stopped: Promise<void>, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, ENGINE_STOP_MS, 'late');
  });
  const outcome = await Promise.race([stopped, bound]);
  clearTimeout(timer);
  if (outcome === 'late') log.warn({}, 'Agents did not end in time; the next start will end what is left of them');
}
