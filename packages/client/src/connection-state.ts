import type { User } from '@baton/protocol';
import { toBackoffMs } from './backoff.ts';
import type { ConnectionState } from './client.ts';

/*
 *   opening -> greeting -> online <-> verifying
 *      \          |            \         /
 *       +----> checking         +-------+ lost
 *                 | not 401         |
 *                 +-----------> waiting -> opening …       unauthenticated: the server said who are you;
 *                                                          closed: we said goodbye. Both only end by hand.
 */

export const OPEN_TIMEOUT_MS = 10_000;
export const CHECK_TIMEOUT_MS = 5_000;
export const IDLE_MS = 2_000;
export const PONG_TIMEOUT_MS = 3_000;
const STABLE_MS = 10_000;

interface Trying {
  /** Counts from 1 and starts again after a connection that held. */
  attempt: number;
  downSince: number;
}

interface Live {
  attempt: number;
  since: number;
  user: User;
  serverVersion: string;
  latencyMs?: number;
}

/** Where the connection is. Every phase but the last two has a timer that ends it. */
export type Phase =
  | ({ name: 'opening' } & Trying)
  | ({ name: 'greeting' } & Trying)
  | ({ name: 'online' } & Live)
  | ({ name: 'verifying'; pingAt: number } & Live)
  | ({ name: 'checking'; reason: string } & Trying)
  | ({ name: 'waiting'; retryAt: number; reason: string } & Trying)
  | { name: 'unauthenticated' }
  | { name: 'closed' };

export type ConnectionEvent =
  | { type: 'opened' }
  | { type: 'welcomed'; user: User; serverVersion: string }
  /** Any frame came; told only while one is awaited. */
  | { type: 'heard' }
  | { type: 'lost'; reason: string }
  /** The server does not know us. */
  | { type: 'refused' }
  /** The identity is good or the server did not say; the failure was another. */
  | { type: 'checked' }
  /** The timer fired. `idleMs` since the last frame; `late` when it fired long after it should have (sleep). */
  | { type: 'elapsed'; idleMs: number; late: boolean }
  | { type: 'woke' }
  | { type: 'retried' }
  | { type: 'ended' };

export type ConnectionEffect = 'open' | 'drop' | 'greet' | 'ping' | 'check' | { timer: number | undefined };

export interface Step {
  phase: Phase;
  effects: readonly ConnectionEffect[];
}

export interface Now {
  now: number;
  random: number;
}

export function firstStep(now: number): Step {
  return open({ attempt: 1, downSince: now });
}

/** What one event makes of a phase. Total: an event that means nothing in a phase changes nothing. */
export function stepConnection(phase: Phase, event: ConnectionEvent, at: Now): Step {
  if (phase.name === 'closed') return stay(phase);
  if (event.type === 'ended') return { phase: { name: 'closed' }, effects: ['drop', { timer: undefined }] };
  if (phase.name === 'unauthenticated') {
    return event.type === 'retried' ? open({ attempt: 1, downSince: at.now }) : stay(phase);
  }
  if (event.type === 'refused') return { phase: { name: 'unauthenticated' }, effects: ['drop', { timer: undefined }] };
  switch (phase.name) {
    case 'opening':
    case 'greeting':
      return stepTrying(phase, event, at);
    case 'online':
    case 'verifying':
      return stepLive(phase, event, at);
    case 'checking':
    case 'waiting':
      return stepDown(phase, event, at);
  }
}

/** The phase in the words of the public contract. */
export function toConnectionState(phase: Phase): ConnectionState {
  switch (phase.name) {
    case 'opening':
    case 'greeting':
    case 'checking':
      return { status: 'connecting', attempt: phase.attempt };
    case 'waiting': {
      const { attempt, retryAt, reason } = phase;
      return { status: 'offline', since: phase.downSince, attempt, retryAt, reason };
    }
    case 'online':
    case 'verifying': {
      const { since, user, serverVersion, latencyMs } = phase;
      return { status: 'online', since, user, serverVersion, ...(latencyMs === undefined ? {} : { latencyMs }) };
    }
    case 'unauthenticated':
    case 'closed':
      return { status: phase.name };
  }
}

export function isLive(phase: Phase): phase is Extract<Phase, { name: 'online' | 'verifying' }> {
  return phase.name === 'online' || phase.name === 'verifying';
}

function stepTrying(
  phase: Extract<Phase, { name: 'opening' | 'greeting' }>,
  event: ConnectionEvent,
  { now }: Now,
): Step {
  const { attempt, downSince } = phase;
  switch (event.type) {
    case 'opened':
      if (phase.name === 'greeting') return stay(phase);
      return { phase: { name: 'greeting', attempt, downSince }, effects: ['greet', { timer: OPEN_TIMEOUT_MS }] };
    case 'welcomed': {
      const { user, serverVersion } = event;
      return { phase: { name: 'online', attempt, since: now, user, serverVersion }, effects: [{ timer: IDLE_MS }] };
    }
    case 'lost':
      return check({ attempt, downSince }, event.reason);
    case 'elapsed':
      return check({ attempt, downSince }, `The server did not answer in ${OPEN_TIMEOUT_MS / 1000} s`);
    default:
      return stay(phase);
  }
}

function stepLive(phase: Extract<Phase, { name: 'online' | 'verifying' }>, event: ConnectionEvent, at: Now): Step {
  switch (event.type) {
    case 'lost':
      return lose(phase, event.reason, at);
    case 'heard':
      if (phase.name === 'online') return stay(phase);
      return { phase: toOnline(phase, Math.max(0, at.now - phase.pingAt)), effects: [{ timer: IDLE_MS }] };
    case 'elapsed':
      return stepLiveTimer(phase, event, at);
    case 'woke':
    case 'retried':
      return phase.name === 'online' ? verify(phase, at.now) : stay(phase);
    default:
      return stay(phase);
  }
}

function stepLiveTimer(
  phase: Extract<Phase, { name: 'online' | 'verifying' }>,
  event: Extract<ConnectionEvent, { type: 'elapsed' }>,
  at: Now,
): Step {
  // After a sleep the silence proves nothing: ask, and count from now.
  if (event.late) return verify(phase, at.now);
  if (phase.name === 'verifying') return lose(phase, 'The server stopped answering', at);
  if (event.idleMs >= 0 && event.idleMs < IDLE_MS) return { phase, effects: [{ timer: IDLE_MS - event.idleMs }] };
  return verify(phase, at.now);
}

function stepDown(phase: Extract<Phase, { name: 'checking' | 'waiting' }>, event: ConnectionEvent, at: Now): Step {
  const { attempt, downSince } = phase;
  switch (event.type) {
    case 'elapsed':
    case 'checked':
      if (phase.name === 'checking') return wait({ attempt: attempt + 1, downSince }, phase.reason, at);
      return event.type === 'elapsed' ? open({ attempt, downSince }) : stay(phase);
    case 'woke':
    case 'retried':
      return open({ attempt: phase.name === 'checking' ? attempt + 1 : attempt, downSince });
    default:
      return stay(phase);
  }
}

function stay(phase: Phase): Step {
  return { phase, effects: [] };
}

function open(trying: Trying): Step {
  return { phase: { name: 'opening', ...trying }, effects: ['open', { timer: OPEN_TIMEOUT_MS }] };
}

function check(trying: Trying, reason: string): Step {
  return { phase: { name: 'checking', reason, ...trying }, effects: ['drop', 'check', { timer: CHECK_TIMEOUT_MS }] };
}

function verify(phase: Extract<Phase, { name: 'online' | 'verifying' }>, now: number): Step {
  return { phase: { ...phase, name: 'verifying', pingAt: now }, effects: ['ping', { timer: PONG_TIMEOUT_MS }] };
}

function toOnline(phase: Live, latencyMs: number): Phase {
  const { attempt, since, user, serverVersion } = phase;
  return { name: 'online', attempt, since, user, serverVersion, latencyMs };
}

function lose(phase: Live, reason: string, at: Now): Step {
  const held = at.now - phase.since;
  const attempt = held >= STABLE_MS || held < 0 ? 1 : phase.attempt + 1;
  return wait({ attempt, downSince: at.now }, reason, at);
}

function wait(trying: Trying, reason: string, { now, random }: Now): Step {
  const ms = toBackoffMs(trying.attempt - 1, random);
  const phase: Phase = { name: 'waiting', ...trying, reason, retryAt: now + ms };
  return { phase, effects: ['drop', { timer: ms }] };
}
