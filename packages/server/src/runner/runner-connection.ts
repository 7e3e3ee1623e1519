import { connect, type Socket } from 'node:net';
import { type Survivor } from '@baton/core';
import { AppError } from '@baton/protocol';
import { createMessageSocket, type MessageSocket } from './message-socket.ts';
import type { RunnerFile } from './runner-files.ts';
import { type Order, RUNNER_PROTOCOL, type Word, wordSchema } from './runner-wire.ts';

/** A runner that works answers at once; one that hangs holds up a start no longer than this. */
const GREET_MS = 5000;

export type RunWord = Extract<Word, { run: string }>;

/** What a run's words go to. */
export interface RunListener {
  hear(word: RunWord): void;
  /** The runner is gone, and no process of the run is left. */
  lost(fault: AppError): void;
}

/** The server's side of one runner. */
export interface RunnerConnection {
  readonly file: RunnerFile;
  readonly survivors: readonly Survivor[];
  /** Runs that somebody listens to. */
  readonly size: number;
  send(order: Order): void;
  listen(run: string, listener: RunListener): void;
  /** Nobody listens to the run any more. */
  forget(run: string): void;
  /** Ends a run without another word of it; resolves when it has ended, or the runner. */
  abandon(run: string): Promise<void>;
  /** Lets the runner be, with what it has. */
  leave(): void;
}

export interface ConnectOptions {
  file: RunnerFile;
  /** Once, unless it was left: the runner does not talk any more. Its runs are told when what is left of them has ended. */
  onLost(connection: RunnerConnection): Promise<void>;
}

/** Rejects when nobody is there, or somebody who is no runner of ours. */
export async function connectRunner({ file, onLost }: ConnectOptions): Promise<RunnerConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly Survivor[]>();
  const socket = connect(file.address);
  const link = new Connection(file, onLost);
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
  const timer = setTimeout(() => reject(new AppError('internal', 'The runner does not answer')), GREET_MS);
  try {
    link.open(peer, socket, await promise);
    return link;
  } catch (cause) {
    socket.destroy();
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

class Connection implements RunnerConnection {
  readonly file: RunnerFile;
  survivors: readonly Survivor[] = [];
  readonly #onLost: ConnectOptions['onLost'];
  readonly #listeners = new Map<string, RunListener>();
  readonly #calls = new Map<number, () => void>();
  #peer: MessageSocket<Order> | undefined;
  #calling = 0;

  constructor(file: RunnerFile, onLost: ConnectOptions['onLost']) {
    this.file = file;
    this.#onLost = onLost;
  }

  get size(): number {
    return this.#listeners.size;
  }

  open(peer: MessageSocket<Order>, socket: Socket, survivors: readonly Survivor[]): void {
    this.#peer = peer;
    this.survivors = survivors;
    // The listening server keeps the process; a runner does not.
    socket.unref();
  }

  hear(word: Exclude<Word, { type: 'welcome' | 'refused' }>): void {
    if (word.type !== 'done') return this.#listeners.get(word.run)?.hear(word);
    this.#calls.get(word.call)?.();
    this.#calls.delete(word.call);
  }

  /** The line is cut; nothing happens for one that was never open, or was left. */
  close(fault: AppError | undefined): void {
    if (this.#peer === undefined) return;
    this.#peer = undefined;
    const why = fault ?? new AppError('agent-exited', 'The runner, which held the agent, ended unexpectedly');
    void this.#onLost(this).then(() => {
      for (const listener of [...this.#listeners.values()]) listener.lost(why);
      this.#listeners.clear();
      for (const done of this.#calls.values()) done();
      this.#calls.clear();
    });
  }

  send(order: Order): void {
    this.#peer?.send(order);
  }

  listen(run: string, listener: RunListener): void {
    this.#listeners.set(run, listener);
  }

  forget(run: string): void {
    this.#listeners.delete(run);
  }

  abandon(run: string): Promise<void> {
    this.#listeners.delete(run);
    if (this.#peer === undefined) return Promise.resolve();
    this.#calling += 1;
    const call = this.#calling;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#calls.set(call, resolve);
    this.send({ type: 'abandon', run, call });
    return promise;
  }

  leave(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    this.#listeners.clear();
    peer?.close();
  }
}
