import type { Socket } from 'node:net';
import type { AgentHost, Clock } from '@baton/core';
import type { RecordedEvent } from '@baton/protocol';
import type { Log } from '../log/log.ts';
import type { HeardNotes } from './heard-notes.ts';
import { HostedRun } from './hosted-run.ts';
import { createMessageSocket, type MessageSocket } from './message-socket.ts';
import { createPastRequests } from './past-requests.ts';
import { type Order, type OrderOf, orderSchema, RUNNER_PROTOCOL, type Word } from './runner-wire.ts';

/** Without a server, agents with nothing to do are ended after this; those in a turn never are. */
const REST_AFTER_MS = 10 * 60_000;
/** Without a server and without agents, a runner ends after this. */
const EMPTY_AFTER_MS = 60_000;
const MOST_KEPT = 64 * 1024 * 1024;
/** Whoever connects says who it is within this. */
const GREET_MS = 5000;

export interface RunnerServiceOptions {
  host: AgentHost;
  notes: HeardNotes;
  token: string;
  clock: Clock;
  log: Log;
  /** Without a server, an agent whose words would fill more than this waits with its next. In characters; default 64 M. */
  mostKept?: number | undefined;
  /** The server asked for the end of the runner, or nothing is left that one could want. */
  onEnd(): void;
}

export interface RunnerService {
  /** Talks to whoever connected. Who knows the token is the server, in the place of the one before. */
  take(socket: Socket): void;
  /** Ends all agents. */
  close(): Promise<void>;
}

/** The runner's side: runs agents for a server that may come and go. */
export function createRunnerService(options: RunnerServiceOptions): RunnerService {
  return new Service(options);
}

class Service implements RunnerService {
  readonly #options: RunnerServiceOptions;
  readonly #runs = new Map<string, HostedRun>();
  readonly #past = createPastRequests((word) => this.#say(word));
  #server: MessageSocket<Word> | undefined;
  #cancelRest: (() => void) | undefined;

  constructor(options: RunnerServiceOptions) {
    this.#options = options;
    this.#wait();
  }

  take(socket: Socket): void {
    let isKnown = false;
    const cancelWait = this.#options.clock.after(GREET_MS, () => socket.destroy());
    const peer: MessageSocket<Word> = createMessageSocket<Order, Word>(socket, {
      schema: orderSchema,
      isTrusted: () => isKnown,
      onMessage: (order) => {
        if (isKnown) return this.#server === peer ? this.#obey(order, peer) : undefined;
        cancelWait();
        isKnown = order.type === 'hello' && this.#greet(order, peer);
        if (!isKnown) peer.close();
      },
      onClose: (fault) => {
        cancelWait();
        if (fault !== undefined) this.#options.log.error({ err: fault }, 'The server was not understood');
        if (this.#server === peer) this.#lose();
      },
    });
  }

  async close(): Promise<void> {
    this.#cancelRest?.();
    await Promise.all([...this.#runs.values()].map((run) => run.abandon()));
    await this.#options.host.close('end');
  }

  #greet({ token, protocol }: OrderOf<'hello'>, peer: MessageSocket<Word>): boolean {
    const { log } = this.#options;
    if (token !== this.#options.token || protocol !== RUNNER_PROTOCOL) {
      const reason = protocol === RUNNER_PROTOCOL ? 'wrong token' : `this runner speaks protocol ${RUNNER_PROTOCOL}`;
      log.warn({ reason }, 'Somebody was refused');
      peer.send({ type: 'refused', reason });
      return false;
    }
    this.#cancelRest?.();
    for (const run of this.#runs.values()) run.orphan();
    this.#server?.close();
    this.#server = peer;
    peer.send({ type: 'welcome', runs: [...this.#runs.values()].map(({ survivor }) => survivor) });
    log.info({ runs: this.#runs.size }, 'A server has come');
    return true;
  }

  #lose(): void {
    this.#options.log.info({ runs: this.#runs.size }, 'The server has gone');
    this.#server = undefined;
    for (const run of this.#runs.values()) run.orphan();
    this.#wait();
  }

  #wait(): void {
    const { clock, onEnd } = this.#options;
    this.#cancelRest?.();
    this.#cancelRest = clock.after(this.#runs.size === 0 ? EMPTY_AFTER_MS : REST_AFTER_MS, () => {
      if (this.#runs.size === 0) return onEnd();
      for (const run of this.#runs.values()) if (run.isIdle) run.end();
      this.#wait();
    });
  }

  #say(word: Word): void {
    this.#server?.send(word);
  }

  #obey(order: Order, peer: MessageSocket<Word>): void {
    switch (order.type) {
      case 'hello':
        return;
      case 'ping':
        return peer.send({ type: 'pong' });
      case 'start':
        return this.#start(order);
      case 'abandon':
        return void this.#abandon(order, peer);
      case 'past':
        return this.#past.answer(order);
      case 'close':
        return this.#options.onEnd();
      default: {
        const run = this.#runs.get(order.run);
        if (run !== undefined) this.#tell(run, order);
      }
    }
  }

  #tell(
    run: HostedRun,
    order: Exclude<Order, OrderOf<'hello' | 'start' | 'abandon' | 'past' | 'ping' | 'close'>>,
  ): void {
    switch (order.type) {
      case 'perform':
        run.perform(order.effect, order.seq);
        if (order.effect.type === 'release') this.#release(order.run);
        return;
      case 'adopt':
        run.adopt(order.after);
        return this.#past.askAgain(order.run);
      case 'recorded':
        return run.recorded(order.number);
      case 'pause':
        return run.pause(order.isPaused);
      case 'fail':
        return run.fail(order.failure);
    }
  }

  #release(run: string): void {
    this.#runs.delete(run);
    this.#past.forget(run);
    this.#options.notes.forget(run);
  }

  #start(start: OrderOf<'start'>): void {
    const history = (): AsyncIterable<RecordedEvent> => this.#past.read(start.run);
    const { host, notes } = this.#options;
    const run = new HostedRun({
      ...{ host, notes, mostKept: this.#options.mostKept ?? MOST_KEPT, start, history },
      send: (word) => this.#say(word),
      behind: () => this.#server?.behind(),
    });
    this.#runs.set(start.run, run);
  }

  // Answered to who asked: the next server counts its calls anew.
  async #abandon({ run, call }: OrderOf<'abandon'>, peer: MessageSocket<Word>): Promise<void> {
    const leaving = this.#runs.get(run);
    this.#runs.delete(run);
    this.#past.forget(run);
    await leaving?.abandon();
    this.#options.notes.forget(run);
    peer.send({ type: 'done', call });
  }
}
