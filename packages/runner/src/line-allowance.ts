/** Lines that may be told at once, and then each second. What an agent says in an error is far below; a flood is not read. */
const BURST = 1000;
const PER_SECOND = 100;

/** Lets a flood of lines through as a trickle, and counts the rest. Pure but for what it remembers. */
export class LineAllowance {
  #left = BURST;
  #filledAt: number;
  #leftOut = 0;

  /** `now`: milliseconds of any clock. */
  constructor(now: number) {
    this.#filledAt = now;
  }

  /** Whether a line may be told; with how many before it were not, which starts at 0 again. */
  take(now: number): { isAllowed: boolean; leftOut: number } {
    this.#left = Math.min(BURST, this.#left + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    if (this.#left < 1) {
      this.#leftOut += 1;
      return { isAllowed: false, leftOut: 0 };
    }
    this.#left -= 1;
    return { isAllowed: true, leftOut: this.end() };
  }

  /** How many were left out since the last that was told. */
  end(): number {
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
