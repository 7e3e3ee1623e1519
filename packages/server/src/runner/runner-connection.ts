import { connect, type Socket } from 'node:net';
import type { AgentExit, Clock, Survivor } from '@baton/core';
import { AppError } from '@baton/protocol';
import type { RunNotes } from './heard-notes.ts';
import { createMessageSocket, type MessageSocket } from './message-socket.ts';
import type { RunnerFile } from './runner-files.ts';
import { kill } from './wait-for-exit.ts';
import { type Order, RUNNER_PROTOCOL, type Word, wordSchema } from './runner-wire.ts';

/** A runner that works answers at once, unless the machine is very busy; one that hangs holds up its sessions so long. */
const GREET_MS = 15_000;
const PING_MS = 5000;
/** Of pings without any word, after which a runner hangs. A machine that slept through them counts one. */
const MOST_MISSED = 6;
/** The same while the server waits for an agent to end: a server that stops has a bound, too. */
const MOST_MISSED_AT_END = 2;
const MEND = 'Send a prompt to go on';

export type RunWord = Extract<Word, { run: string }>;

/** What a run's words go to. */
export interface RunListener {
  hear(word: RunWord): void;
  /** The runner is gone, and no process of the run is left; what its agent heard is known unless this says so. */
  lost(fault: AppError, heard: AgentExit['heard']): void;
}

/** The server's side of one runner. */
export interface RunnerConnection {
  readonly file: RunnerFile;
  readonly survivors: readonly Survivor[];
  /** Runs that somebody listens to. */
  readonly size: number;
  /** It has left a ping unanswered. */
  readonly isSilent: boolean;
  send(order: Order): void;
  listen(run: string, listener: RunListener): void;
  /** Nobody listens to the run any more. */
  forget(run: string): void;
  /** Ends a run without another word of it; resolves when it has ended, or the runner with all it left. */
  abandon(run: string): Promise<void>;
  /** Lets the runner be, with what it has. */
  leave(): void;
}

export interface ConnectOptions {
  file: RunnerFile;
  clock: Clock;
  /**
   * Once, unless it was left: the runner does not talk any more, because it ended or hangs. Its runs are told when nothing is
   * left of it; then this resolves with what it wrote down, and must not reject.
   */
  onLost(connection: RunnerConnection): Promise<ReadonlyMap<string, RunNotes> | undefined>;
}

/** Rejects when nobody is there, or somebody who is no runner of ours. */
export async function connectRunner(options: ConnectOptions): Promise<RunnerConnection> {
  const { file, clock } = options;
  const { promise, resolve, reject } = Promise.withResolvers<readonly Survivor[]>();
  const socket = connect(file.address);
  const link = new Connection(options);
  const peer = createMessageSocket<Word, Order>(socket, {
    schema: wordSchema,
    onMessage(word) {
      if (word.type === 'welcome') resolve(word.runs);
      else if (word.type === 'refused') reject(new AppError('internal', `The runner refused: ${word.reason}`));
      else link.hear(word);
    },
    onClose(fault) {
      reject(fault ?? new AppError('internal', 'The runner is not there'));
      link.close(fault);
    },
  });
  peer.send({ type: 'hello', token: file.token, protocol: RUNNER_PROTOCOL });
  const cancel = clock.after(GREET_MS, () => reject(new AppError('internal', 'The runner does not answer')));
  try {
    link.open(peer, socket, await promise);
    return link;
  } catch (cause) {
    socket.destroy();
    throw cause;
  } finally {
    cancel();
  }
}

type HeardOf = (run: string) => AgentExit['heard'];

// A run that is not in its notes never began.
const toHeardOf =
  (notes: ReadonlyMap<string, RunNotes> | undefined): HeardOf =>
  (run) => {
    if (notes === undefined) return undefined;
    const known = notes.get(run);
    return known === undefined ? null : known.heard;
  };

class Connection implements RunnerConnection {
  readonly file: RunnerFile;
  survivors: readonly Survivor[] = [];
  readonly #options: ConnectOptions;
  readonly #listeners = new Map<string, RunListener>();
  readonly #calls = new Map<number, () => void>();
  #peer: MessageSocket<Order> | undefined;
  #calling = 0;
  /** Pings since the last word. */
  #missed = 0;
  #cancelPing: (() => void) | undefined;
  /** Resolves when nothing is left of a runner that was lost; why it was. */
  #end: { cleared: Promise<HeardOf>; why: AppError } | undefined;

  constructor(options: ConnectOptions) {
    this.file = options.file;
    this.#options = options;
  }

  get size(): number {
    return this.#listeners.size;
  }

  get isSilent(): boolean {
    return this.#missed > 1;
  }

  open(peer: MessageSocket<Order>, socket: Socket, survivors: readonly Survivor[]): void {
    this.#peer = peer;
    this.survivors = survivors;
    // The listening server keeps the process; a runner does not.
    socket.unref();
    this.#ping();
  }

  hear(word: Exclude<Word, { type: 'welcome' | 'refused' }>): void {
    this.#missed = 0;
    if (word.type === 'pong') return;
    if (word.type !== 'done') return this.#listeners.get(word.run)?.hear(word);
    this.#calls.get(word.call)?.();
    this.#calls.delete(word.call);
  }

  /** The line is cut; nothing happens for one that was never open, or was left. */
  close(fault: AppError | undefined): void {
    if (this.#peer === undefined) return;
    this.#peer = undefined;
    this.#cancelPing?.();
    const why = fault ?? new AppError('agent-exited', `The runner, which held the agent, ended unexpectedly. ${MEND}`);
    const cleared = this.#options.onLost(this).then((notes) => {
      const heardOf = toHeardOf(notes);
      for (const [run, listener] of [...this.#listeners]) listener.lost(why, heardOf(run));
      this.#listeners.clear();
      for (const done of this.#calls.values()) done();
      this.#calls.clear();
      return heardOf;
    });
    this.#end = { cleared, why };
  }

  send(order: Order): void {
    this.#peer?.send(order);
  }

  listen(run: string, listener: RunListener): void {
    this.#listeners.set(run, listener);
    // It went while somebody was about to use it.
    if (this.#end === undefined) return;
    const { cleared, why } = this.#end;
    void cleared.then((heardOf) => {
      if (this.#listeners.delete(run)) listener.lost(why, heardOf(run));
    });
  }

  forget(run: string): void {
    this.#listeners.delete(run);
  }

  abandon(run: string): Promise<void> {
    this.#listeners.delete(run);
    if (this.#end !== undefined) return this.#end.cleared.then(() => undefined);
    if (this.#peer === undefined) return Promise.resolve();
    this.#calling += 1;
    const call = this.#calling;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#calls.set(call, resolve);
    this.send({ type: 'abandon', run, call });
    if (this.#calls.size === 1) this.#ping();
    return promise;
  }

  leave(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    this.#cancelPing?.();
    this.#listeners.clear();
    peer?.close();
  }

  #ping(): void {
    this.#cancelPing?.();
    const most = this.#calls.size > 0 ? MOST_MISSED_AT_END : MOST_MISSED;
    if (this.#missed >= most) return this.#hang();
    this.#missed += 1;
    this.send({ type: 'ping' });
    this.#cancelPing = this.#options.clock.after(PING_MS, () => this.#ping());
  }

  // It is ended at once: one that wakes up while its agents are ended would ask them for more.
  #hang(): void {
    kill(this.file.pid);
    const seconds = (this.#missed * PING_MS) / 1000;
    const message = `The runner, which held the agent, said nothing for ${seconds} s and was ended. ${MEND}`;
    this.close(new AppError('agent-exited', message));
  }
}
