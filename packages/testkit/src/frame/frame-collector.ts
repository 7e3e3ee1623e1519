import type { FrameSink } from '@baton/core';

export interface FrameCollector<F> extends FrameSink<F> {
  readonly frames: readonly F[];
  /** Resolves with the first frame, past or future, that fits. */
  until(fits: (frame: F) => boolean): Promise<F>;
  /** While false, `send` still takes the frame and answers that there is no room. */
  room: boolean;
}

/** A sink that keeps what it was given. */
export function createFrameCollector<F>(): FrameCollector<F> {
  const frames: F[] = [];
  const waiting: { fits(frame: F): boolean; resolve(frame: F): void }[] = [];
  return {
    frames,
    room: true,
    send(frame) {
      frames.push(frame);
      for (const waiter of waiting.filter((each) => each.fits(frame))) waiter.resolve(frame);
      return this.room;
    },
    until(fits) {
      const found = frames.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => waiting.push({ fits, resolve }));
    },
  };
}
