import type { TurnId } from '@baton/protocol';
import type { HostedSession } from '../ports/agent-host.ts';
import type { Clock } from '../ports/clock.ts';

/** How long a prompt waits for what has to come before it. */
const HOLD_MS = 2000;

/** Resolves when what has to come before the turn's prompt is done, or took too long. Undefined: nothing has to. */
export function holdForTurn(
  { beforeTurn }: HostedSession,
  turnId: TurnId,
  { clock, onFault }: { clock: Clock; onFault(error: unknown): void },
): Promise<void> | undefined {
  if (beforeTurn === undefined) return undefined;
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(HOLD_MS, resolve);
  return Promise.race([beforeTurn(turnId).catch(onFault), late]).finally(cancel);
}
