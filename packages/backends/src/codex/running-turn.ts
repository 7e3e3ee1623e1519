import type { Change } from '@baton/core';
import { AppError, type InputPart, toAppError } from '@baton/protocol';
import type { AppServer } from './app-server.ts';
import type { Conversation } from './conversation.ts';
import { toInput } from './prompt-input.ts';
import { definedOnly } from './turn-request.ts';

type Request = AppServer['request'];

/** Adds to the running turn. Rejects with `turn-not-running` when none runs, or Codex does not take it. */
export async function steerTurn(
  conversation: Conversation,
  request: Request,
  input: readonly InputPart[],
): Promise<void> {
  const { threadId, turn } = conversation.state;
  const expectedTurnId = turn?.nativeId;
  if (expectedTurnId === undefined) throw new AppError('turn-not-running', 'Cannot add to the turn: none is running');
  conversation.noteSteered();
  await request('turn/steer', { threadId, expectedTurnId, input: toInput(input) }).catch((cause: unknown) => {
    const { message } = toAppError(cause);
    throw new AppError('turn-not-running', `Cannot add to the turn: ${message}`, {}, { cause });
  });
}

/** Changes of the running turn what Codex can change of one; that it cannot is no fault, because the next has it. */
export async function changeTurn(
  conversation: Conversation,
  request: Request,
  { model, effort }: Change,
): Promise<void> {
  const { threadId, turn } = conversation.state;
  const turnId = turn?.nativeId;
  if (turnId === undefined || (model ?? effort) === undefined) return;
  await request('turn/settings/update', { threadId, turnId, ...definedOnly({ model, effort }) }).catch(() => undefined);
}
