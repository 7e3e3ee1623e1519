import type { Change } from '@baton/core';
import { z } from 'zod';
import { toStance } from './modes.ts';
import type { Request } from './prompt-input.ts';

/** What is in force for a turn. */
export interface TurnChoice extends Change {
  canSandbox: boolean;
  /** Whether the turn before was one in plan mode, which stays until it is taken back. */
  wasPlan: boolean;
}

/** What is asked of Codex for a prompt or a command. */
export function toTurnRequest(
  threadId: string,
  request: Request,
  choice: TurnChoice,
): { method: string; params: Readonly<Record<string, unknown>> } {
  if (request.type === 'compact') return { method: 'thread/compact/start', params: { threadId } };
  if (request.type === 'review') return { method: 'review/start', params: { threadId, target: request.target } };
  return { method: 'turn/start', params: { threadId, input: request.input, ...toTurnSettings(choice) } };
}

function toTurnSettings({ model, mode, effort, canSandbox, wasPlan }: TurnChoice): Readonly<Record<string, unknown>> {
  const stance = mode === undefined ? undefined : toStance(mode, canSandbox);
  const { isPlan = false, ...limits } = stance ?? {};
  const settings = { model, reasoning_effort: effort ?? null, developer_instructions: null };
  const collaborationMode = { mode: isPlan ? 'plan' : 'default', settings };
  return { ...definedOnly({ model, effort }), ...limits, ...(isPlan || wasPlan ? { collaborationMode } : {}) };
}

/** What is in force: what was chosen, and for the rest what Codex told; and what of it is news. */
export function completeChoice(chosen: Change, { model, effort, mode }: Change): { choice: Change; told: Change } {
  const told = definedOnly({
    model: chosen.model === undefined ? model : undefined,
    mode: chosen.mode === undefined ? mode : undefined,
  });
  return { choice: { effort, ...definedOnly(chosen), ...told }, told };
}

const startedSchema = z.object({ turn: z.object({ id: z.string() }) });

/** Codex's own id of the turn, where its answer tells. */
export function toNativeTurn(answer: unknown): string | undefined {
  const parsed = startedSchema.safeParse(answer);
  return parsed.success ? parsed.data.turn.id : undefined;
}

export function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
