import type { PendingCommand, ReadableStore } from './client.ts';
import { createStore } from './store.ts';
import { readStoredCommands, writeStoredCommands, type CommandStorage } from './stored-commands.ts';

/** The commands that have no receipt yet, in the order in which they were given; every change is stored at once. */
export interface PendingCommands {
  readonly store: ReadableStore<readonly PendingCommand[]>;
  find(id: string): PendingCommand | undefined;
  /** Last in order, in place of one with the same id. */
  put(entry: PendingCommand): void;
  /** One for another in its place, in one step: what somebody typed is never in neither, and never in both. */
  replace(entry: PendingCommand, by: PendingCommand): void;
  remove(entry: PendingCommand): void;
}

export function createPendingCommands(storage: CommandStorage | undefined): PendingCommands {
  const store = createStore<readonly PendingCommand[]>(readStoredCommands(storage));

  function keep(next: readonly PendingCommand[]): void {
    store.set(next);
    writeStoredCommands(storage, next);
  }

  return {
    store,
    find: (id) => store.get().find((each) => each.id === id),
    put: (entry) => keep([...store.get().filter((each) => each.id !== entry.id), entry]),
    replace: (entry, by) => keep(store.get().map((each) => (each === entry ? by : each))),
    remove: (entry) => keep(store.get().filter((each) => each !== entry)),
  };
}
