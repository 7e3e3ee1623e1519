import {
  createId,
  sessionIdSchema,
  turnIdSchema,
  type CommandInput,
  type InputPart,
  type SessionId,
  type TurnId,
} from '@baton/protocol';
import type { OptimisticTurn, PendingCommand } from './client.ts';

/** Prompts that were sent from here and are not in the log yet, per session. */
export interface OptimisticTurns {
  of(sessionId: SessionId): readonly OptimisticTurn[];
  /** Notes the prompt of a command that has one. */
  add(command: CommandInput): void;
  /** The turn is seen in the log, or will never be. */
  remove(turnId: TurnId): void;
  /** The turn is in the log, seen or not. */
  accept(turnId: TurnId): void;
  /** All of the log was seen: what was accepted stands there, if only in a part that is not loaded. */
  settle(sessionId: SessionId): void;
}

export function createOptimisticTurns(options: {
  pending: readonly PendingCommand[];
  changed: (sessionId: SessionId) => void;
}): OptimisticTurns {
  const bySession = new Map<SessionId, readonly OptimisticTurn[]>();
  const none: readonly OptimisticTurn[] = [];
  const accepted = new Set<TurnId>();

  function note(command: CommandInput): SessionId | undefined {
    const turn = toPrompt(command);
    if (turn === undefined) return undefined;
    const { sessionId, ...prompt } = turn;
    const others = (bySession.get(sessionId) ?? none).filter(({ turnId }) => turnId !== prompt.turnId);
    bySession.set(sessionId, [...others, prompt]);
    return sessionId;
  }

  for (const { command } of options.pending) note(command);

  return {
    of: (sessionId) => bySession.get(sessionId) ?? none,
    add(command) {
      const sessionId = note(command);
      if (sessionId !== undefined) options.changed(sessionId);
    },
    remove,
    accept: (turnId) => void accepted.add(turnId),
    settle(sessionId) {
      for (const { turnId } of bySession.get(sessionId) ?? none) if (accepted.has(turnId)) remove(turnId);
    },
  };

  function remove(turnId: TurnId): void {
    accepted.delete(turnId);
    for (const [sessionId, turns] of bySession) {
      const rest = turns.filter((turn) => turn.turnId !== turnId);
      if (rest.length === turns.length) continue;
      if (rest.length === 0) bySession.delete(sessionId);
      else bySession.set(sessionId, rest);
      options.changed(sessionId);
    }
  }
}

/** The same command with the ids the client mints, so that what it makes is known before the receipt. */
export function withIds(command: CommandInput): CommandInput {
  if (command.type === 'turn.start') return { ...command, turnId: command.turnId ?? createId('turn') };
  if (command.type !== 'session.create') return command;
  const sessionId = command.sessionId ?? createId('session');
  if (command.prompt === undefined) return { ...command, sessionId };
  return { ...command, sessionId, turnId: command.turnId ?? createId('turn') };
}

/** The turn a command starts, when it does and says its id. */
export function toPrompt(command: CommandInput): (OptimisticTurn & { sessionId: SessionId }) | undefined {
  if (command.type !== 'turn.start' && command.type !== 'session.create') return undefined;
  const sessionId = sessionIdSchema.safeParse(command.sessionId);
  const turnId = turnIdSchema.safeParse(command.turnId);
  const input = command.type === 'turn.start' ? command.input : command.prompt;
  if (!sessionId.success || !turnId.success || input === undefined) return undefined;
  return { sessionId: sessionId.data, turnId: turnId.data, input: toParts(input) };
}

function toParts(input: string | InputPart[]): InputPart[] {
  return typeof input === 'string' ? [{ type: 'text', text: input }] : input;
}
