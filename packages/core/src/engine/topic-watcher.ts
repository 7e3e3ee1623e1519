import type { TopicFrame } from '@baton/protocol';
import type { Clock } from '../ports/clock.ts';
import type { FrameSink } from './engine.ts';

const RETRY_MS = 1000;

export interface TopicWatcherOptions {
  sink: FrameSink<TopicFrame>;
  clock: Clock;
  /** What the topic looks like now; undefined for a topic of moments only. */
  readSnapshot(): Promise<TopicFrame | undefined>;
  onClose(watcher: TopicWatcher): void;
  onFault(error: unknown): void;
}

/**
 * One consumer of one topic: a snapshot, then every change after it. Without room it misses what comes, and gets a fresh
 * snapshot when it is drained. What changes while a snapshot is read follows it: the snapshot may be older, or hold it already.
 */
export class TopicWatcher {
  readonly #options: TopicWatcherOptions;
  #state: 'reading' | 'live' | 'full' | 'closed' = 'reading';
  #missed: TopicFrame[] = [];

  constructor(options: TopicWatcherOptions) {
    this.#options = options;
    void this.#refresh();
  }

  take(frame: TopicFrame): void {
    if (this.#state === 'reading') this.#missed.push(frame);
    if (this.#state === 'live') this.#send(frame);
  }

  drained(): void {
    if (this.#state !== 'full') return;
    this.#state = 'reading';
    void this.#refresh();
  }

  close(): void {
    this.#state = 'closed';
    this.#options.onClose(this);
  }

  get #isClosed(): boolean {
    return this.#state === 'closed';
  }

  async #refresh(): Promise<void> {
    const { readSnapshot, clock, onFault } = this.#options;
    try {
      const frame = await readSnapshot();
      if (!this.#isClosed) this.#goLive(frame);
    } catch (error) {
      onFault(error);
      clock.after(RETRY_MS, () => {
        if (!this.#isClosed) void this.#refresh();
      });
    }
  }

  #goLive(snapshot: TopicFrame | undefined): void {
    const frames = snapshot === undefined ? this.#missed : [snapshot, ...this.#missed];
    this.#missed = [];
    this.#state = 'live';
    for (const frame of frames) this.take(frame);
  }

  // A consumer that throws is let go, so that it cannot hurt its neighbours.
  #send(frame: TopicFrame): void {
    try {
      if (!this.#options.sink.send(frame) && !this.#isClosed) this.#state = 'full';
    } catch (error) {
      this.#options.onFault(error);
      this.close();
    }
  }
}
