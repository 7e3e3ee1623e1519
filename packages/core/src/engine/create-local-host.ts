import type { AgentHost } from '../ports/agent-host.ts';
import type { Backend } from '../ports/backend.ts';
import type { Clock } from '../ports/clock.ts';
import { createAgentLink } from './agent-link.ts';

export interface LocalHostOptions {
  /** The agents there are now; asked again each time. */
  backends(): readonly Backend[];
  clock: Clock;
  /** How long an interrupted turn may go on before its agent is ended. Default 10 s. */
  interruptTimeoutMs?: number | undefined;
  onFault?: ((error: unknown) => void) | undefined;
}

const INTERRUPT_TIMEOUT_MS = 10_000;

/** Runs agents in this process: they end with it, and no run survives it. */
export function createLocalHost(options: LocalHostOptions): AgentHost {
  const { backends, clock, interruptTimeoutMs = INTERRUPT_TIMEOUT_MS, onFault = () => {} } = options;

  async function forEach(work: (backend: Backend) => Promise<void> | undefined): Promise<void> {
    await Promise.all(
      backends()
        .map(async (backend) => work(backend))
        .map((done) => done.catch(onFault)),
    );
  }

  return {
    open: () => forEach((backend) => backend.cleanUp?.()),
    link: (session) =>
      createAgentLink({
        ...{ session, clock, interruptTimeoutMs, onFault },
        backend: (id) => backends().find((backend) => backend.id === id),
      }),
    survivor: () => undefined,
    settle: () => Promise.resolve(),
    close: () => forEach((backend) => backend.close?.()),
  };
}
