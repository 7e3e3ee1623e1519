import type { ControlChannel } from './control.ts';
import type { ClaudeState } from './state.ts';
import { toUnread } from './steer.ts';

/** Asks for the end of the running turn and of all that was added to it. Rejects when the agent does not take it. */
export async function interruptTurn(channel: ControlChannel, state: ClaudeState, requestMs: number): Promise<void> {
  // An older version goes on with what was added after it was interrupted.
  const cancelled = toUnread(state).map(({ uuid }) =>
    channel.request('cancel_async_message', { message_uuid: uuid }, requestMs),
  );
  const interrupted = channel.request('interrupt', { cancel_queued: true }, requestMs);
  await Promise.all([interrupted, Promise.allSettled(cancelled)]);
}
