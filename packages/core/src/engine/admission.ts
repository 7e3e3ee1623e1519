import { type AgentQueue, AppError, type SessionId, type WaitReason } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import {
  type AgentLimits,
  findBlock,
  type IdleAgent,
  inOrder,
  pickIdle,
  pickNext,
  type Ticket,
  toKey,
} from './admission-policy.ts';
import type { BackendBreakers } from './backend-breakers.ts';

const RETRY_MS = 1000;

export interface Applicant {
  sessionId: SessionId;
  backend: string;
  user: string;
  background: boolean;
}

/** Gives agents their places: never more than the limits say, and to those that wait in their order. */
export interface Admission {
  /** Takes a place if one is free now; true also for one that has it. */
  tryTake(applicant: Applicant): boolean;
  /** Takes a place, free or not: for an agent that is at work already. */
  adopt(applicant: Applicant): void;
  /** Waits for a place; `onGrant` is called, once, when it is taken. Not before `notBefore`. */
  join(applicant: Applicant, options: { notBefore: number; onGrant(): void }): void;
  /** Gives up the place, or waiting for one. */
  leave(sessionId: SessionId): void;
  /** What held one back is over. */
  hurry(sessionId: SessionId): void;
  /** Something has become idle or may start: looks who goes next. */
  review(): void;
  list(): AgentQueue;
  positionOf(sessionId: SessionId): number | undefined;
  /** Throws an `AppError` for a session that does not wait. */
  move(sessionId: SessionId, to: 'first' | 'last'): void;
  /** Nobody is admitted any more. */
  close(): void;
}

export interface AdmissionOptions {
  clock: Clock;
  limits: AgentLimits;
  breakers: BackendBreakers;
  /** Agents that have nothing to do now. */
  findIdle(): IdleAgent[];
  /** Ends one; resolves with whether it was still idle, and never rejects. Its place comes back when it has ended. */
  rest(sessionId: SessionId): Promise<boolean>;
  /** The places in the queue of these sessions have changed. */
  onMoved(sessionIds: readonly SessionId[]): void;
}

export function createAdmission(options: AdmissionOptions): Admission {
  return new Desk(options);
}

interface WaitingTicket extends Ticket {
  applicant: Applicant;
  since: number;
  onGrant(): void;
}

class Desk implements Admission {
  readonly #options: AdmissionOptions;
  readonly #taken = new Map<SessionId, string>();
  readonly #waiting = new Map<SessionId, WaitingTicket>();
  /** Idle agents that were asked to make room and have not gone yet. */
  readonly #leaving = new Set<SessionId>();
  #positions: ReadonlyMap<SessionId, number> = new Map();
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  tryTake(applicant: Applicant): boolean {
    const { breakers, clock, limits } = this.#options;
    const { sessionId, user, backend } = applicant;
    if (this.#taken.has(sessionId)) return true;
    if (this.#closed || this.#waiting.has(sessionId) || breakers.retryAt(backend) > clock.now()) return false;
    if (findBlock(user, this.#taken, limits) !== undefined) return false;
    this.#take(applicant);
    return true;
  }

  adopt(applicant: Applicant): void {
    this.#taken.set(applicant.sessionId, applicant.user);
  }

  join(applicant: Applicant, { notBefore, onGrant }: { notBefore: number; onGrant(): void }): void {
    const { sessionId, user, background } = applicant;
    const since = this.#options.clock.now();
    const key = toKey(since, background);
    this.#waiting.set(sessionId, { sessionId, user, key, notBefore, applicant, since, onGrant });
    this.review();
  }

  leave(sessionId: SessionId): void {
    const had = this.#taken.delete(sessionId);
    this.#leaving.delete(sessionId);
    if (this.#waiting.delete(sessionId) || had) this.review();
  }

  hurry(sessionId: SessionId): void {
    const ticket = this.#waiting.get(sessionId);
    if (ticket === undefined) return;
    ticket.notBefore = 0;
    this.review();
  }

  review(): void {
    if (this.#closed) return;
    const { limits, clock } = this.#options;
    for (;;) {
      const next = pickNext(this.#dated(), { taken: this.#taken, limits, now: clock.now() });
      const ticket = next && this.#waiting.get(next.sessionId);
      if (ticket === undefined) break;
      this.#waiting.delete(ticket.sessionId);
      this.#take(ticket.applicant);
      ticket.onGrant();
    }
    this.#makeRoom();
    this.#schedule();
    this.#tell();
  }

  list(): AgentQueue {
    const now = this.#options.clock.now();
    const items = inOrder(this.#dated()).map((ticket, index) => ({
      sessionId: ticket.sessionId,
      position: index + 1,
      by: ticket.applicant.user,
      background: ticket.applicant.background,
      since: new Date(ticket.since).toISOString(),
      because: this.#whyWaits(ticket),
      ...(ticket.notBefore > now ? { notBefore: new Date(ticket.notBefore).toISOString() } : {}),
    }));
    const running = [...this.#taken].map(([sessionId, by]) => ({ sessionId, by }));
    return { items, running, limits: this.#options.limits };
  }

  positionOf(sessionId: SessionId): number | undefined {
    return this.#positions.get(sessionId);
  }

  move(sessionId: SessionId, to: 'first' | 'last'): void {
    const ticket = this.#waiting.get(sessionId);
    if (ticket === undefined) {
      throw new AppError(
        'conflict',
        `Session "${sessionId}" does not wait for a place: it has started, or it left the queue`,
      );
    }
    const others = inOrder(this.#waiting.values()).filter((each) => each !== ticket);
    const neighbour = to === 'first' ? others[0] : others.at(-1);
    if (neighbour !== undefined) ticket.key = neighbour.key + (to === 'first' ? -1 : 1);
    this.review();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
  }

  #take({ sessionId, user, backend }: Applicant): void {
    this.#taken.set(sessionId, user);
    this.#options.breakers.began(backend, sessionId);
  }

  // Of what holds it back that which lasts longest is told.
  #whyWaits({ notBefore, user, applicant }: WaitingTicket): WaitReason {
    const { breakers, clock, limits } = this.#options;
    if (notBefore > clock.now()) return breakers.retryAt(applicant.backend) >= notBefore ? 'backend-failing' : 'failed';
    return findBlock(user, this.#taken, limits) === 'user' ? 'user-taken' : 'all-taken';
  }

  // A backend that fails holds back whoever waits for it.
  #dated(): WaitingTicket[] {
    const { breakers } = this.#options;
    return [...this.#waiting.values()].map((ticket) => ({
      ...ticket,
      notBefore: Math.max(ticket.notBefore, breakers.retryAt(ticket.applicant.backend)),
    }));
  }

  #makeRoom(): void {
    const { clock, limits, findIdle, rest } = this.#options;
    const now = clock.now();
    const ready = inOrder(this.#dated()).filter(({ notBefore }) => notBefore <= now);
    for (const { user } of ready.slice(this.#leaving.size)) {
      const idle = findIdle().filter(({ sessionId }) => this.#taken.has(sessionId) && !this.#leaving.has(sessionId));
      const chosen = pickIdle(user, idle, { taken: this.#taken, limits });
      if (chosen === undefined) continue;
      const { sessionId } = chosen;
      this.#leaving.add(sessionId);
      void rest(sessionId).then((wasIdle) => {
        if (wasIdle) return;
        // It was asked for something at that very moment: another may help.
        this.#leaving.delete(sessionId);
        clock.after(RETRY_MS, () => this.review());
      });
    }
  }

  #schedule(): void {
    const { clock } = this.#options;
    this.#cancelTimer?.();
    const now = clock.now();
    const later = this.#dated().flatMap(({ notBefore }) => (notBefore > now ? [notBefore] : []));
    if (later.length === 0) return;
    this.#cancelTimer = clock.after(Math.min(...later) - now, () => this.review());
  }

  #tell(): void {
    const before = this.#positions;
    const after = new Map(inOrder(this.#waiting.values()).map(({ sessionId }, index) => [sessionId, index + 1]));
    this.#positions = after;
    const moved = [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
    if (moved.length > 0) this.#options.onMoved(moved);
  }
}
