/** Runs `flush` once, soon; called again only after it ran. */
export type Scheduler = (flush: () => void) => void;

const FRAME_MS = 16;
const HIDDEN_MS = 250;

/**
 * Once per animation frame where there are frames, else about sixty times a second. A hidden page draws no frames,
 * so a timer stands beside the frame and whichever comes first wins.
 */
export const frameScheduler: Scheduler = (flush) => {
  if (typeof requestAnimationFrame === 'undefined') {
    setTimeout(flush, FRAME_MS);
    return;
  }
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    flush();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, HIDDEN_MS);
};
