import { PROTOCOL_VERSION, type DownFrame, type UpFrameInput } from '@baton/protocol';
import type { Clock } from '@baton/core';
import type { ConnectionState, ReadableStore } from './client.ts';
import {
  firstStep,
  isLive,
  stepConnection,
  toConnectionState,
  type ConnectionEffect,
  type ConnectionEvent,
  type Phase,
  type Step,
} from './connection-state.ts';
import type { Environment } from './environment.ts';
import { parseFrame } from './parse-frame.ts';
import type { OpenSocket, Socket } from './socket.ts';
import { createStore } from './store.ts';

// A timer that fires this much too late means that the machine slept or the clock was set.
const LATE_MS = 2_000;

export interface ConnectionListener {
  /** A connection stands: subscribe, watch and re-send now. */
  online(): void;
  offline(): void;
  received(frame: DownFrame): void;
  /** The socket was closed because a message was too big; what was sent last is to blame. */
  tooLarge(): void;
}

export interface ConnectionOptions {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** The client's name in `hello`. */
  name: string;
  openSocket: OpenSocket;
  clock: Clock;
  random: () => number;
  environment: Environment;
  /** Asks over HTTP whether the server refuses this identity, which a browser cannot see on a socket. */
  isRefused: () => Promise<boolean>;
  listener: ConnectionListener;
}

export interface Connection {
  readonly state: ReadableStore<ConnectionState>;
  /** False, and nothing sent, when the connection does not stand. */
  send(frame: UpFrameInput): boolean;
  /** The server broke the protocol: give this socket up and try again. */
  fail(reason: string): void;
  reconnect(): void;
  close(): void;
}

/** Keeps one socket alive: opens, greets, verifies, and tries again. It starts at once. */
export function createConnection(options: ConnectionOptions): Connection {
  const runner = new ConnectionRunner(options);
  runner.start();
  return runner;
}

class ConnectionRunner implements Connection {
  readonly #options: ConnectionOptions;
  readonly #state;
  #phase: Phase;
  #socket: Socket | undefined;
  #cancelTimer: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  #lastHeardAt = 0;
  #checks = 0;
  #lastProblem: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#phase = firstStep(options.clock.now()).phase;
    this.#state = createStore(toConnectionState(this.#phase));
  }

  get state(): ReadableStore<ConnectionState> {
    return this.#state;
  }

  start(): void {
    this.#stopListening = this.#options.environment.onWake(() => this.#dispatch({ type: 'woke' }));
    this.#apply(firstStep(this.#options.clock.now()));
  }

  send(frame: UpFrameInput): boolean {
    if (!isLive(this.#phase)) return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  fail(reason: string): void {
    this.#dispatch({ type: 'lost', reason });
  }

  reconnect(): void {
    this.#dispatch({ type: 'retried' });
  }

  close(): void {
    this.#stopListening?.();
    this.#dispatch({ type: 'ended' });
  }

  #dispatch(event: ConnectionEvent): void {
    const at = { now: this.#options.clock.now(), random: this.#options.random() };
    this.#apply(stepConnection(this.#phase, event, at));
  }

  #apply({ phase, effects }: Step): void {
    const wasLive = isLive(this.#phase);
    this.#phase = phase;
    for (const effect of effects) this.#perform(effect);
    // Before the state is told: what waits to be re-sent goes out before what somebody sends on seeing "online".
    if (wasLive && !isLive(phase)) this.#options.listener.offline();
    if (!wasLive && isLive(phase)) this.#options.listener.online();
    // The listener may have moved the phase on already; then that step has told the state.
    if (this.#phase === phase) this.#state.set(toConnectionState(phase));
  }

  #perform(effect: ConnectionEffect): void {
    switch (effect) {
      case 'open':
        return this.#open();
      case 'drop':
        return this.#drop();
      case 'greet':
        return this.#socket?.send(
          JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, client: this.#options.name }),
        );
      case 'ping':
        return this.#socket?.send('{"type":"ping"}');
      case 'check':
        return this.#check();
      default:
        return this.#arm(effect.timer);
    }
  }

  #open(): void {
    this.#drop();
    this.#lastProblem = undefined;
    const { openSocket, url, headers } = this.#options;
    this.#socket = openSocket({
      url,
      headers,
      listener: {
        opened: () => this.#dispatch({ type: 'opened' }),
        received: (text) => this.#receive(text),
        closed: (code, reason) => this.#closed(code, reason),
      },
    });
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.drop();
  }

  #closed(code: number, reason: string): void {
    this.#socket = undefined;
    if (code === 1009) this.#options.listener.tooLarge();
    if (code === 4401) return this.#dispatch({ type: 'refused' });
    this.#dispatch({ type: 'lost', reason: this.#lastProblem ?? (reason || toLossReason(this.#phase)) });
  }

  #receive(text: string): void {
    this.#lastHeardAt = this.#options.clock.now();
    if (this.#phase.name === 'verifying') this.#dispatch({ type: 'heard' });
    const frame = parseFrame(text);
    if (frame === 'broken') return this.fail('The server sent something this client cannot read');
    if (frame === 'unknown') return;
    if (frame.type === 'welcome') {
      return this.#dispatch({ type: 'welcomed', user: frame.user, serverVersion: frame.version });
    }
    if (frame.type === 'error' && frame.sessionId === undefined) {
      if (frame.error.kind === 'unauthenticated') return this.#dispatch({ type: 'refused' });
      this.#lastProblem = frame.error.detail;
    }
    this.#options.listener.received(frame);
  }

  #check(): void {
    this.#checks += 1;
    const check = this.#checks;
    void this.#options.isRefused().then(
      (refused) => {
        if (check === this.#checks && this.#phase.name === 'checking') {
          this.#dispatch({ type: refused ? 'refused' : 'checked' });
        }
      },
      () => {
        if (check === this.#checks && this.#phase.name === 'checking') this.#dispatch({ type: 'checked' });
      },
    );
  }

  #arm(ms: number | undefined): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (ms === undefined) return;
    const armedAt = this.#options.clock.now();
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      const now = this.#options.clock.now();
      const late = now - armedAt > ms + LATE_MS;
      this.#dispatch({ type: 'elapsed', idleMs: now - this.#lastHeardAt, late });
    });
  }
}

function toLossReason(phase: Phase): string {
  return isLive(phase) ? 'The connection was lost' : 'The server cannot be reached';
}
