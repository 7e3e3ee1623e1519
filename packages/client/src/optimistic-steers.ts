import {
  sessionIdSchema,
  toPlainText,
  turnIdSchema,
  type CommandInput,
  type ErrorKind,
  type EventOf,
  type InputPart,
  type SessionId,
} from '@baton/protocol';
import type { OptimisticSteer, PendingCommand } from './client.ts';

/** What was added to running turns from here and is not in the log yet, per session. */
export interface OptimisticSteers {
  of(sessionId: SessionId): readonly OptimisticSteer[];
  /** Notes what a command adds to a turn, when it does. */
  add(id: string, command: CommandInput): void;
  /** The command's text is in the log, or will never be. */
  remove(id: string): void;
  /** The log has it. The event does not name the command: the oldest with the same words is the one. */
  seen(sessionId: SessionId, event: EventOf<'turn.steered'>): void;
}

export function createOptimisticSteers(options: {
  pending: readonly PendingCommand[];
  changed: (sessionId: SessionId) => void;
}): OptimisticSteers {
  const bySession = new Map<SessionId, readonly OptimisticSteer[]>();
  const none: readonly OptimisticSteer[] = [];

  function set(sessionId: SessionId, steers: readonly OptimisticSteer[]): void {
    if (steers.length === 0) bySession.delete(sessionId);
    else bySession.set(sessionId, steers);
  }

  function note(id: string, command: CommandInput): SessionId | undefined {
    if (command.type !== 'turn.steer') return undefined;
    const sessionId = sessionIdSchema.safeParse(command.sessionId);
    if (!sessionId.success) return undefined;
    const turnId = turnIdSchema.safeParse(command.turnId);
    const steer = { id, ...(turnId.success ? { turnId: turnId.data } : {}), input: toParts(command.input) };
    set(sessionId.data, [...(bySession.get(sessionId.data) ?? none).filter((each) => each.id !== id), steer]);
    return sessionId.data;
  }

  for (const { id, command } of options.pending) note(id, command);

  function remove(id: string): void {
    for (const [sessionId, steers] of bySession) {
      const rest = steers.filter((each) => each.id !== id);
      if (rest.length === steers.length) continue;
      set(sessionId, rest);
      options.changed(sessionId);
    }
  }

  return {
    of: (sessionId) => bySession.get(sessionId) ?? none,
    add(id, command) {
      const sessionId = note(id, command);
      if (sessionId !== undefined) options.changed(sessionId);
    },
    remove,
    seen(sessionId, { input }) {
      const words = toPlainText(input);
      const steer = bySession.get(sessionId)?.find((each) => toPlainText(each.input) === words);
      if (steer !== undefined) remove(steer.id);
    },
  };
}

/**
 * What goes in place of a refused `turn.steer`: a prompt of its own, when the turn it was meant for has ended or is being
 * interrupted. Undefined for every other command and reason.
 */
export function toPromptInstead(command: CommandInput, kind: ErrorKind): CommandInput | undefined {
  if (command.type !== 'turn.steer' || kind !== 'turn-not-running') return undefined;
  return { type: 'turn.start', sessionId: command.sessionId, input: command.input };
}

function toParts(input: string | InputPart[]): InputPart[] {
  return typeof input === 'string' ? [{ type: 'text', text: input }] : input;
}
