import type { EventOf, Failure, SessionEvent } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { Retry } from '../session/decision.ts';
import type { Admission, Applicant } from './admission.ts';
import type { BackendBreakers } from './backend-breakers.ts';
import { afterFailure, type FailureHistory, isLasting, noFailures } from './recovery-policy.ts';

export interface AgentPlaceOptions {
  clock: Clock;
  /** From 0 to 1. */
  chance(): number;
  admission: Admission;
  breakers: BackendBreakers;
  /** The agent that waited has its place; `admit` tells when it is opened. */
  onGrant(): void;
}

/**
 * The place of one session's agent among all: free, taken, or waited for. It also remembers how the agent's starts went, and
 * so when the next may be.
 */
export class AgentPlace {
  readonly #options: AgentPlaceOptions;
  #applicant: Applicant | undefined;
  #state: 'none' | 'waiting' | 'granted' | 'taken' = 'none';
  /** Of the running agent: it was ready, or did something. */
  #isProven = true;
  #failures: FailureHistory = noFailures;
  #notBefore = 0;

  constructor(options: AgentPlaceOptions) {
    this.#options = options;
  }

  /** The agent was asked for and is not started yet. */
  get waits(): boolean {
    return this.#state === 'waiting' || this.#state === 'granted';
  }

  /** The agent that waited has its place and is to be opened. */
  get isGranted(): boolean {
    return this.#state === 'granted';
  }

  /** Whether an agent that is asked for now can start at once. Its place is taken then: see `tidy`. */
  take(applicant: Applicant): boolean {
    if (this.waits) return false;
    this.#applicant = applicant;
    // Somebody asks for it: what went wrong before does not hold it back.
    this.#notBefore = 0;
    if (this.#state === 'none' && this.#options.admission.tryTake(applicant)) this.#state = 'taken';
    return this.#state === 'taken';
  }

  /** The agent outlived its server: it has its place, and has proven itself. */
  adopt(applicant: Applicant): void {
    this.#applicant = applicant;
    this.#options.admission.adopt(applicant);
    this.#state = 'taken';
    this.#isProven = true;
  }

  /** The agent is asked for. True: open it now; false: it waits. */
  begin(): boolean {
    if (this.#state === 'taken') {
      this.#isProven = false;
      return true;
    }
    if (this.#applicant === undefined) return false;
    this.#state = 'waiting';
    const onGrant = () => {
      this.#state = 'granted';
      this.#options.onGrant();
    };
    this.#options.admission.join(this.#applicant, { notBefore: this.#notBefore, onGrant });
    this.#notBefore = 0;
    return false;
  }

  /** True: the agent that waited is to be opened now. */
  admit(): boolean {
    if (this.#state !== 'granted') return false;
    this.#state = 'taken';
    this.#isProven = false;
    return true;
  }

  /** Whatever held back an agent that waits is over. */
  hurry(): void {
    if (this.#applicant !== undefined) this.#options.admission.hurry(this.#applicant.sessionId);
  }

  /** The agent ended unasked: when it may be started again. */
  fail(failure: Failure | undefined): Retry {
    const { clock, chance, breakers } = this.#options;
    const now = clock.now();
    const lasts = isLasting(failure?.kind);
    const { history, retry } = afterFailure(this.#failures, { now, chance: chance() });
    this.#failures = lasts || retry.kind !== 'later' ? noFailures : history;
    this.#notBefore = !lasts && retry.kind === 'later' ? now + retry.delayMs : 0;
    if (!this.#isProven && this.#applicant !== undefined) {
      this.#isProven = true;
      breakers.failed(this.#applicant.backend, this.#applicant.sessionId, failure);
    }
    return lasts ? { kind: 'held' } : retry;
  }

  /** What the log tells of the agent. */
  observe(event: SessionEvent, isLive: boolean): void {
    if (event.type === 'agent.exited') return this.#ended(event, isLive);
    const hasWorked = event.type === 'turn.ended' && event.outcome === 'completed';
    if (hasWorked) this.#failures = noFailures;
    if (this.#isProven || !(hasWorked || event.type === 'agent.ready' || event.type === 'item.started')) return;
    this.#isProven = true;
    if (this.#applicant !== undefined) this.#options.breakers.succeeded(this.#applicant.backend);
    this.#options.admission.review();
  }

  /** After each decision: a place that was taken and not used is free again. */
  tidy(isLive: boolean): void {
    if (!isLive && this.#state === 'taken') this.free();
  }

  free(): void {
    if (this.#state === 'none') return;
    this.#state = 'none';
    if (this.#applicant === undefined) return;
    const { sessionId, backend } = this.#applicant;
    if (!this.#isProven) this.#options.breakers.gaveUp(backend, sessionId);
    this.#isProven = true;
    this.#options.admission.leave(sessionId);
  }

  // One that was ended keeps its place for the start that may follow at once; `tidy` takes it back.
  #ended({ expected }: EventOf<'agent.exited'>, isLive: boolean): void {
    if ((isLive && !expected) || this.waits) this.free();
  }
}
