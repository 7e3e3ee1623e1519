import type { ErrorKind, SessionId } from '@baton/protocol';

/** Whether agents of one backend may be started. */
export type Circuit =
  /** The sessions whose starts failed, one after another, since one succeeded. */
  | { kind: 'closed'; failed: readonly SessionId[] }
  | { kind: 'open'; reason: string; until: number; waitMs: number }
  /** One start is tried, since `since`. */
  | { kind: 'half-open'; reason: string; probe: SessionId; since: number; waitMs: number };

export const closedCircuit: Circuit = { kind: 'closed', failed: [] };

const FAILURES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 300_000;
/** A try that says nothing for so long keeps others waiting no longer. */
const PROBE_MS = 60_000;

/** What whoever asked can mend says nothing about the backend. */
const USER_FAULTS: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  ...(['invalid-input', 'forbidden', 'not-found', 'conflict', 'capability-missing'] as const),
  ...(['backend-not-authenticated', 'quota-exceeded', 'rate-limited', 'server-restarted', 'shutting-down'] as const),
]);

export function isBackendFault(kind: ErrorKind | undefined): boolean {
  return kind === undefined || !USER_FAULTS.has(kind);
}

/** One session that fails again and again is its own trouble; several are the backend's. */
export function afterFailedStart(
  circuit: Circuit,
  { sessionId, reason, now }: { sessionId: SessionId; reason: string; now: number },
): Circuit {
  switch (circuit.kind) {
    case 'open':
      return circuit;
    case 'half-open': {
      const waitMs = Math.min(LONGEST_WAIT_MS, circuit.waitMs * 2);
      return { kind: 'open', reason, until: now + waitMs, waitMs };
    }
    case 'closed': {
      const failed = [...circuit.failed, sessionId].slice(-FAILURES);
      const opens = failed.length === FAILURES && new Set(failed).size > 1;
      if (!opens) return { kind: 'closed', failed };
      return { kind: 'open', reason, until: now + FIRST_WAIT_MS, waitMs: FIRST_WAIT_MS };
    }
  }
}

/** A start begins; the first after the wait is the one that is tried. */
export function afterBegun(circuit: Circuit, { sessionId, now }: { sessionId: SessionId; now: number }): Circuit {
  if (circuit.kind === 'closed' || toRetryAt(circuit) > now) return circuit;
  return { kind: 'half-open', reason: circuit.reason, probe: sessionId, since: now, waitMs: circuit.waitMs };
}

/** The try was given up before it showed anything: the next may be made at once. */
export function afterGivenUp(circuit: Circuit, { sessionId, now }: { sessionId: SessionId; now: number }): Circuit {
  if (circuit.kind !== 'half-open' || circuit.probe !== sessionId) return circuit;
  return { kind: 'open', reason: circuit.reason, until: now, waitMs: circuit.waitMs };
}

/** When the next start may be tried, in milliseconds since the epoch; 0: at any time. */
export function toRetryAt(circuit: Circuit): number {
  switch (circuit.kind) {
    case 'closed':
      return 0;
    case 'open':
      return circuit.until;
    case 'half-open':
      return circuit.since + PROBE_MS;
  }
}
