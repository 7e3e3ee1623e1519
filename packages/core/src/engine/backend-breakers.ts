import { AppError, type BackendView, type Failure, type SessionId } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import {
  afterBegun,
  afterFailedStart,
  afterGivenUp,
  type Circuit,
  closedCircuit,
  isBackendFault,
  toRetryAt,
} from './circuit-policy.ts';

/** Keeps agents of a backend that fails again and again from being started for nothing; closes by itself. */
export interface BackendBreakers {
  /** Throws an `AppError` with the reason and the time of the next try while starts are refused. */
  requireClosed(backend: string): void;
  /** When the next start may be tried, in milliseconds since the epoch; in the past: now. */
  retryAt(backend: string): number;
  began(backend: string, sessionId: SessionId): void;
  succeeded(backend: string): void;
  failed(backend: string, sessionId: SessionId, failure: Failure | undefined): void;
  /** The start was given up before it showed anything. */
  gaveUp(backend: string, sessionId: SessionId): void;
  withBreaker(view: BackendView): BackendView;
}

export function createBackendBreakers(clock: Clock): BackendBreakers {
  const circuits = new Map<string, Circuit>();
  const read = (backend: string) => circuits.get(backend) ?? closedCircuit;

  return {
    requireClosed(backend) {
      const circuit = read(backend);
      const retryAt = toRetryAt(circuit);
      if (circuit.kind === 'closed' || retryAt <= clock.now()) return;
      const at = new Date(retryAt).toISOString();
      throw new AppError(
        'agent-exited',
        `"${backend}" failed to start several times in a row and is not started for now: ${circuit.reason.replace(/[.\s]+$/, '')}. ` +
          `Mend it, and try again at ${at}`,
        { retryAfter: Math.ceil((retryAt - clock.now()) / 1000) },
      );
    },
    retryAt: (backend) => toRetryAt(read(backend)),
    began(backend, sessionId) {
      circuits.set(backend, afterBegun(read(backend), { sessionId, now: clock.now() }));
    },
    succeeded(backend) {
      circuits.delete(backend);
    },
    failed(backend, sessionId, failure) {
      if (!isBackendFault(failure?.kind)) return this.gaveUp(backend, sessionId);
      const reason = failure?.message ?? 'its process ended before it was ready';
      circuits.set(backend, afterFailedStart(read(backend), { sessionId, reason, now: clock.now() }));
    },
    gaveUp(backend, sessionId) {
      circuits.set(backend, afterGivenUp(read(backend), { sessionId, now: clock.now() }));
    },
    withBreaker(view) {
      const circuit = read(view.id);
      if (circuit.kind === 'closed') return view;
      const retryAt = new Date(toRetryAt(circuit)).toISOString();
      return { ...view, breaker: { state: circuit.kind, reason: circuit.reason, retryAt } };
    },
  };
}
