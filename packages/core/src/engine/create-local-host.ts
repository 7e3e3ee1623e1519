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
  /** Ends what an earlier life left running; default: nothing is left. */
  endLeftovers?: (() => Promise<void>) | undefined;
  onFault?: ((error: unknown) => void) | undefined;
}

const INTERRUPT_TIMEOUT_MS = 10_000;

/** Runs agents in this process: they end with it, and no run survives it. */
export function createLocalHost(options: LocalHostOptions): AgentHost {
  const { backends, clock, interruptTimeoutMs = INTERRUPT_TIMEOUT_MS } = options;
  const { endLeftovers = () => Promise.resolve(), onFault = () => {} } = options;
  let opening: Promise<void> | undefined;

  return {
    open() {
      opening ??= endLeftovers().catch(onFault);
      return opening;
    },
    link: (session) =>
      createAgentLink({
        ...{ session, clock, interruptTimeoutMs, onFault },
        backend: (id) => backends().find((backend) => backend.id === id),
      }),
    survivor: () => undefined,
    casualty: () => undefined,
    forsake: () => Promise.resolve(),
    settle: () => Promise.resolve(),
    async close() {
      const closing = backends().map(async (backend) => backend.close?.());
      await Promise.all(closing.map((done) => done.catch(onFault)));
    },
  };
}
