/**
 * What features keep: small JSON values by collection and id, in the same database as the event log, so that a backup has
 * them. `put` and `remove` are durable (fsynced) before they resolve and reject with an `AppError` (`disk-full`, `store-unavailable`) when
 * they cannot; reads keep working. What was read is a copy.
 */
export interface RecordStore {
  /** In the order in which they were first put. */
  list(collection: string): Promise<{ id: string; value: unknown }[]>;
  read(collection: string, id: string): Promise<unknown>;
  /** All of them or none. */
  put(collection: string, records: readonly { id: string; value: unknown }[]): Promise<void>;
  /** Unknown ids are no error. */
  remove(collection: string, ids: readonly string[]): Promise<void>;
}
