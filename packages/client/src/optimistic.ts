import type { EventOf, SessionId, TurnId } from '@baton/protocol';
import type { Clock } from '@baton/core';
import type { OptimisticSteer, OptimisticTurn, PendingCommand } from './client.ts';
import { createOptimisticSteers } from './optimistic-steers.ts';
import { createOptimisticTurns, toPrompt } from './optimistic-turns.ts';

const UNSEEN_MS = 2_000;

/** What was typed here and is not in the log yet: shown at once, and gone when the log has it or the server refused it. */
export interface Optimistic {
  of(sessionId: SessionId): { turns: readonly OptimisticTurn[]; steers: readonly OptimisticSteer[] };
  add(entry: Pick<PendingCommand, 'id' | 'command'>): void;
  settled(entry: PendingCommand, ok: boolean): void;
  turnSeen(turnId: TurnId): void;
  steerSeen(sessionId: SessionId, event: EventOf<'turn.steered'>): void;
  /** All of the session's log was seen. */
  caughtUp(sessionId: SessionId): void;
}

export interface OptimisticOptions {
  pending: readonly PendingCommand[];
  clock: Clock;
  changed: (sessionId: SessionId) => void;
  /** False while events of the session may still be on their way. */
  isUpToDate: (sessionId: SessionId) => boolean;
}

export function createOptimistic({ pending, clock, changed, isUpToDate }: OptimisticOptions): Optimistic {
  const turns = createOptimisticTurns({ pending, changed });
  const steers = createOptimisticSteers({ pending, changed });

  // The event of what was accepted is about to come. Where nobody follows the session, or where it stands in a part of the
  // log that is not loaded, it never does.
  function settleTurn({ command }: PendingCommand, ok: boolean): void {
    const turn = toPrompt(command);
    if (turn === undefined) return;
    if (!ok) return turns.remove(turn.turnId);
    turns.accept(turn.turnId);
    clock.after(UNSEEN_MS, () => isUpToDate(turn.sessionId) && turns.remove(turn.turnId));
  }

  return {
    of: (sessionId) => ({ turns: turns.of(sessionId), steers: steers.of(sessionId) }),
    add({ id, command }) {
      turns.add(command);
      steers.add(id, command);
    },
    settled(entry, ok) {
      settleTurn(entry, ok);
      if (entry.command.type !== 'turn.steer') return;
      if (ok) clock.after(UNSEEN_MS, () => steers.remove(entry.id));
      else steers.remove(entry.id);
    },
    turnSeen: (turnId) => turns.remove(turnId),
    steerSeen: (sessionId, event) => steers.seen(sessionId, event),
    caughtUp: (sessionId) => turns.settle(sessionId),
  };
}
