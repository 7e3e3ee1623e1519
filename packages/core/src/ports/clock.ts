/** Time, handed in so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch; may jump when the machine's clock is set. */
  now(): number;
  /** Calls back once after at least `ms`; the returned function cancels. Never keeps the process alive by itself. */
  after(ms: number, callback: () => void): () => void;
}
