import type { Duplex } from 'node:stream';
import type { Clock, Engine } from '@baton/core';
import {
  AppError,
  MIN_PROTOCOL_VERSION,
  PROTOCOL_VERSION,
  assertNever,
  commandFrameSchema,
  toAppError,
  toInvalidInput,
  toProblem,
  upFrameSchema,
  type CommandFrame,
  type HelloFrame,
  type SubscribeFrame,
  type UpFrame,
} from '@baton/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Identity } from '../auth/authority.ts';
import { readJson } from '../http/json-body.ts';
import type { StatusBoard } from '../status/status-board.ts';
import { createFeeds, type Feeds } from './feeds.ts';
import { createFrameBudget, type FrameBudget } from './frame-budget.ts';
import { createOutbox, type Outbox } from './outbox.ts';

export const HELLO_MS = 10_000;
export const PING_MS = 20_000;
export const SILENCE_MS = 60_000;
/** Bad or refused frames in a row before the peer is taken for broken. */
const MAX_STRIKES = 100;

/** Close codes: the standard ones, and one of our own. */
export const CLOSE = { goingAway: 1001, protocol: 1002, unsupported: 1003, policy: 1008, signedOut: 4401 } as const;

const namedCommandSchema = commandFrameSchema.pick({ type: true, id: true });

export interface ConnectionParts {
  engine: Engine;
  /** The `server` topic. */
  board: StatusBoard;
  clock: Clock;
  serverId: string;
  version: string;
  limits: { framesPerSecond: number; maxSubscriptions: number };
}

/** Who is at the other end. `wire` is the TCP connection under the socket. */
export interface Peer {
  socket: WebSocket;
  wire: Duplex;
  identity: Identity;
}

/** One live socket, from its first frame to its end. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #identity: Identity;
  readonly #parts: ConnectionParts;
  readonly #outbox: Outbox;
  readonly #feeds: Feeds;
  readonly #budget: FrameBudget;
  readonly #cancelHello: () => void;
  #greeted = false;
  #strikes = 0;
  #heardAt: number;
  #pingedAt: number;
  // A session that is being made: what comes after it on this socket may be about it, and waits.
  #making: Promise<void> | undefined;

  constructor(peer: Peer, parts: ConnectionParts) {
    const { socket, identity } = peer;
    this.#socket = socket;
    this.#identity = identity;
    this.#parts = parts;
    this.#heardAt = parts.clock.now();
    // All come back at once after a restart; they are not to be asked all at once ever after.
    this.#pingedAt = this.#heardAt - Math.floor(Math.random() * PING_MS);
    this.#outbox = createOutbox(peer, () => this.#feeds.drained());
    this.#feeds = createFeeds(parts, this.#outbox);
    this.#budget = createFrameBudget(parts.clock, parts.limits.framesPerSecond);
    this.#cancelHello = parts.clock.after(HELLO_MS, () => {
      this.#refuse(new AppError('invalid-input', 'No hello came within 10 seconds'), CLOSE.protocol);
    });
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('ping', () => this.#touch());
    socket.on('pong', () => this.#touch());
    // Too large, not UTF-8, reset: `ws` closes by itself; without a listener the error would be thrown.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#settle());
  }

  get greeted(): boolean {
    return this.#greeted;
  }

  /** Called every few seconds: asks quiet peers whether they are there, and drops silent ones. */
  tick(now: number): void {
    // A peer that has much to read yet may only be slow, and cannot answer before it has read our question.
    const patience = this.#outbox.waiting > 0 ? 2 * SILENCE_MS : SILENCE_MS;
    if (now - this.#heardAt >= patience) return this.#socket.terminate();
    if (now - this.#pingedAt < PING_MS) return;
    this.#pingedAt = now;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    this.#settle();
    this.#outbox.flush();
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #touch(): void {
    this.#heardAt = this.#parts.clock.now();
  }

  #settle(): void {
    this.#cancelHello();
    this.#feeds.closeAll();
  }

  #hear(data: RawData, isBinary: boolean): void {
    this.#touch();
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) return this.#refuse(new AppError('invalid-input', 'Frames must be JSON text'), CLOSE.unsupported);
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    try {
      const frame = readJson(bytes.toString(), 'the frame');
      const parsed = upFrameSchema.safeParse(frame);
      if (parsed.success) this.#take(parsed.data, bytes.length);
      else this.#reject(frame, toInvalidInput('the frame', parsed.error));
    } catch (cause) {
      this.#strike(toAppError(cause));
    }
  }

  // A command that says its id gets its receipt, so that its sender does not wait for ever.
  #reject(frame: unknown, error: AppError): void {
    const named = namedCommandSchema.safeParse(frame);
    if (!this.#greeted || !named.success) return this.#strike(error);
    this.#outbox.send({ type: 'receipt', id: named.data.id, ok: false, error: toProblem(error) });
    this.#countStrike();
  }

  #take(frame: UpFrame, bytes: number): void {
    if (!this.#budget.take(bytes)) return this.#slowDown(frame);
    if (!this.#greeted) return this.#greet(frame);
    this.#strikes = 0;
    this.#serve(frame);
  }

  #greet(frame: UpFrame): void {
    if (frame.type !== 'hello') {
      return this.#refuse(
        new AppError('invalid-input', `The first frame must be hello, not ${frame.type}`),
        CLOSE.protocol,
      );
    }
    const problem = toVersionProblem(frame);
    if (problem !== undefined) return this.#refuse(problem, CLOSE.protocol);
    this.#greeted = true;
    this.#cancelHello();
    const { serverId, version } = this.#parts;
    this.#outbox.send({ type: 'welcome', protocol: PROTOCOL_VERSION, serverId, version, user: this.#identity.user });
  }

  #serve(frame: UpFrame): void {
    switch (frame.type) {
      case 'hello':
        return this.#strike(new AppError('invalid-input', 'This connection has had its hello'));
      case 'ping':
        return this.#outbox.send({ type: 'pong' });
      case 'command':
        return this.#inTurn(() => this.#execute(frame));
      case 'subscribe':
        return this.#inTurn(() => this.#subscribe(frame));
      case 'unsubscribe':
        return this.#inTurn(() => this.#feeds.unsubscribe(frame.sessionId));
      case 'watch':
        return this.#feeds.watch(frame.topic);
      case 'unwatch':
        return this.#feeds.unwatch(frame.topic);
      default:
        return assertNever(frame);
    }
  }

  #inTurn(action: () => void): void {
    if (this.#making === undefined) action();
    else void this.#making.then(action);
  }

  #execute(frame: CommandFrame): void {
    const { id: commandId, command } = frame;
    const { user } = this.#identity;
    const done = this.#parts.engine
      .execute(command, { commandId, actor: { id: user.id, name: user.name } })
      .then((receipt) => this.#outbox.send({ type: 'receipt', id: commandId, ...receipt }));
    if (command.type !== 'session.create') return;
    const making = done.then(() => {
      if (this.#making === making) this.#making = undefined;
    });
    this.#making = making;
  }

  #subscribe(frame: SubscribeFrame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { maxSubscriptions } = this.#parts.limits;
    if (this.#feeds.size >= maxSubscriptions && !this.#feeds.has(frame.sessionId)) {
      const error = new AppError('quota-exceeded', `One connection follows at most ${maxSubscriptions} sessions`);
      return this.#outbox.send({ type: 'error', error: toProblem(error), sessionId: frame.sessionId });
    }
    this.#feeds.subscribe(frame.sessionId, frame.after);
  }

  // A command gets its receipt all the same, as one that cannot be read does.
  #slowDown(frame: UpFrame): void {
    const error = new AppError('rate-limited', 'Too many frames: send them more slowly');
    if (frame.type !== 'command') return this.#strike(error);
    this.#outbox.send({ type: 'receipt', id: frame.id, ok: false, error: toProblem(error) });
    this.#countStrike();
  }

  #strike(error: AppError): void {
    this.#outbox.send({ type: 'error', error: toProblem(error) });
    this.#countStrike();
  }

  #countStrike(): void {
    this.#strikes += 1;
    if (this.#strikes >= MAX_STRIKES) this.close(CLOSE.policy, 'too many bad frames');
  }

  #refuse(error: AppError, code: number): void {
    this.#outbox.send({ type: 'error', error: toProblem(error) });
    this.close(code, error.message.slice(0, 100));
  }
}

function toVersionProblem({ protocol }: HelloFrame): AppError | undefined {
  if (protocol >= MIN_PROTOCOL_VERSION && protocol <= PROTOCOL_VERSION) return undefined;
  const older = protocol < MIN_PROTOCOL_VERSION;
  return new AppError(
    'invalid-input',
    `This server speaks protocol ${MIN_PROTOCOL_VERSION} to ${PROTOCOL_VERSION}, not ${protocol}: ` +
      (older ? 'reload the page or update the client' : 'update the server'),
  );
}
