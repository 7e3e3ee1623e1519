import type { RecordStore } from '@baton/core';
import type { CommandId } from '@baton/protocol';

/**
 * The same command once: whoever asks again gets the first answer, also after a restart. What failed is tried again.
 */
export type Once = <T>(commandId: CommandId, work: () => Promise<T>) => Promise<unknown>;

export function createOnce(records: RecordStore, collection: string): Once {
  const inFlight = new Map<CommandId, Promise<unknown>>();

  async function run<T>(commandId: CommandId, work: () => Promise<T>): Promise<unknown> {
    const stored = await records.read(collection, commandId);
    if (stored !== undefined) return stored;
    const result = await work();
    await records.put(collection, [{ id: commandId, value: result }]);
    return result;
  }

  return (commandId, work) => {
    const running = inFlight.get(commandId);
    if (running !== undefined) return running;
    const result = run(commandId, work).finally(() => inFlight.delete(commandId));
    inFlight.set(commandId, result);
    return result;
  };
}
