import { update } from '../agent/step.ts';
import type { ClaudeState, Step, Steer } from './state.ts';

/** Something is added to the running turn. The agent reads it before its next request to the model, or after its own end. */
export function addSteer(state: ClaudeState, uuid: string): Partial<ClaudeState> {
  const { turn } = state;
  return turn === undefined ? {} : { turn: { ...turn, steers: [...turn.steers, { uuid, isRead: false }] } };
}

/** A message has entered the conversation. */
export function noteRead(step: Step, uuid: string | undefined): void {
  change(step, (steers) => steers.map((steer) => (steer.uuid === uuid ? { uuid, isRead: true } : steer)));
}

/** Newer versions tell what becomes of each message they were sent. */
export function applySteerLifecycle(step: Step, { uuid, state }: { uuid: string; state: string }): void {
  if (state === 'started' || state === 'completed') return noteRead(step, uuid);
  if (!['cancelled', 'refused', 'discarded'].includes(state)) return;
  if (toUnread(step.state).every((steer) => steer.uuid !== uuid)) return;
  change(step, (steers) => steers.filter((steer) => steer.uuid !== uuid));
  tellUnread(step);
}

/** What was added and the agent has not read: while there is some, its own end is not the end of the turn. */
export function toUnread({ turn }: ClaudeState): readonly Steer[] {
  return (turn?.steers ?? []).filter((steer) => !steer.isRead);
}

export function tellUnread(step: Step): void {
  const text = 'Claude Code did not read what was added last. Send it again if it still matters.';
  step.reports.push({ type: 'notice.raised', level: 'warning', text });
}

function change(step: Step, to: (steers: readonly Steer[]) => readonly Steer[]): void {
  const { turn } = step.state;
  if (turn !== undefined && turn.steers.length > 0) update(step, { turn: { ...turn, steers: to(turn.steers) } });
}
