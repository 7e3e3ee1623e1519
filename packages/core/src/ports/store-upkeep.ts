/** What keeps a store small. Lets other work run in between; safe to leave at any point. */
export interface StoreUpkeep {
  /**
   * Takes the content out of `raw.received` events from before a time (RFC 3339 UTC), and says how many it took and their
   * bytes. The events stay, with their numbers. With `dryRun` it only counts.
   */
  trimRaw(options: { before: string; dryRun: boolean }): Promise<{ events: number; bytes: number }>;
  /** Gives back what the log of commits holds on the disk. Changes nothing that can be read. */
  tidy(): Promise<void>;
}
