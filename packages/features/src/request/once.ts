import { createHash } from 'node:crypto';
import type { RecordStore } from '@baton/core';
import { AppError, type CommandId } from '@baton/protocol';
import { z } from 'zod';

/** What somebody asks for: `says` is all of it that the id does not tell. */
export interface Request {
  commandId: CommandId;
  says: unknown;
}

/**
 * The same request once: whoever asks again gets the first answer, also after a restart. What failed is tried again.
 * Rejects with `conflict` when the id comes again with something else to do; nothing is done then.
 */
export type Once = <T>(request: Request, work: () => Promise<T>) => Promise<unknown>;

const doneSchema = z.object({ digest: z.string(), result: z.unknown() });

export function createOnce(records: RecordStore, collection: string): Once {
  const inFlight = new Map<CommandId, { digest: string; result: Promise<unknown> }>();

  async function run<T>(commandId: CommandId, digest: string, work: () => Promise<T>): Promise<unknown> {
    const stored = await records.read(collection, commandId);
    if (stored !== undefined) {
      const done = doneSchema.parse(stored);
      requireSame(done.digest, digest);
      return done.result;
    }
    const result = await work();
    await records.put(collection, [{ id: commandId, value: { digest, result } }]);
    return result;
  }

  return async ({ commandId, says }, work) => {
    const digest = createHash('sha256').update(JSON.stringify(says)).digest('base64url');
    const running = inFlight.get(commandId);
    if (running !== undefined) {
      requireSame(running.digest, digest);
      return running.result;
    }
    const result = run(commandId, digest, work).finally(() => inFlight.delete(commandId));
    inFlight.set(commandId, { digest, result });
    return result;
  };
}

function requireSame(digest: string, wanted: string): void {
  if (digest === wanted) return;
  const mend = 'Send this one under an Idempotency-Key of its own';
  throw new AppError(
    'conflict',
    `Nothing was done: this id was used before, for a request that says something else. ${mend}`,
  );
}
