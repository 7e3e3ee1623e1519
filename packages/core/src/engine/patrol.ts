import type { Clock } from '../ports/clock.ts';
import { toQuietSince, toRest } from './rest-policy.ts';
import type { SessionActor } from './session-actor.ts';

const ROUND_MS = 10_000;

export interface PatrolOptions {
  clock: Clock;
  /** 0: idle agents stay. */
  sleepAfterMs: number;
  /** Sessions with an agent, or that wait for one. */
  actors(): readonly SessionActor[];
}

/** Looks at every session with an agent, again and again: puts to sleep what nobody needs, and notices what has gone quiet. */
export function createPatrol({ clock, sleepAfterMs, actors }: PatrolOptions): { start(): void; stop(): void } {
  let cancel: (() => void) | undefined;

  function walk(): void {
    const now = clock.now();
    const there = actors();
    for (const actor of there) look(actor, now);
    cancel = there.length > 0 ? clock.after(ROUND_MS, walk) : undefined;
  }

  function look(actor: SessionActor, now: number): void {
    const { activity } = actor;
    const rest = toRest(activity, { now, sleepAfterMs });
    if (rest === 'sleep') void actor.sleep('unused');
    if (rest === 'leave') void actor.execute({ command: { type: 'session.leave' }, by: 'baton' });
    actor.pulse.showQuiet(toQuietSince(activity, now));
  }

  return {
    start() {
      cancel ??= clock.after(ROUND_MS, walk);
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
