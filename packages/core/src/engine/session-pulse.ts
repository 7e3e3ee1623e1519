import type { Clock } from '../ports/clock.ts';
import type { SessionState } from '../session/state.ts';
import type { Activity } from './rest-policy.ts';

/** When a session was last asked for something and when its agent last said something; nothing of it is in the log. */
export class SessionPulse {
  readonly #clock: Clock;
  readonly #onQuiet: () => void;
  #askedAt: number;
  #heardAt: number;
  #quietSince: number | undefined;

  constructor(clock: Clock, onQuiet: () => void) {
    this.#clock = clock;
    this.#onQuiet = onQuiet;
    this.#askedAt = clock.now();
    this.#heardAt = clock.now();
  }

  get quietSince(): number | undefined {
    return this.#quietSince;
  }

  asked(): void {
    this.#askedAt = this.#clock.now();
    this.showQuiet(undefined);
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
    this.showQuiet(undefined);
  }

  showQuiet(since: number | undefined): void {
    if (since === this.#quietSince) return;
    this.#quietSince = since;
    this.#onQuiet();
  }

  toActivity(state: SessionState, unwatchedSince: number | undefined): Activity {
    const times = { heardAt: this.#heardAt, askedAt: this.#askedAt, unwatchedSince };
    if (state.status === 'none') return { ...times, isIdle: false, isWorking: false, changedAt: this.#clock.now() };
    const { turn, agent, queue, approvals, questions, stopUnwatchedMinutes } = state;
    const asks = approvals.length > 0 || questions.length > 0;
    return {
      ...times,
      askedAt: Math.max(this.#askedAt, turn === undefined ? 0 : Date.parse(turn.startedAt)),
      isIdle: agent.phase === 'up' && turn === undefined && queue.length === 0,
      isWorking: turn !== undefined && !asks,
      changedAt: Date.parse(state.updatedAt),
      stopUnwatchedMinutes,
    };
  }
}
