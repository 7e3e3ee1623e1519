import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createId,
  parseJson,
  problemSchema,
  toProblem,
  AppError,
  upFrameSchema,
  type DownFrame,
  type ItemId,
  type RecordedEvent,
  type SessionEvent,
  type SessionId,
  type SessionView,
  type TurnId,
  type UpFrame,
} from '@baton/protocol';
import { applyDelta, emptyTimeline, evolve, foldTimeline, noSession, toSessionView, type Timeline } from '@baton/core';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';

const AT = '2026-11-20T12:00:00.000Z';
const KEY = 'the-key';

interface Peer {
  socket: WebSocket;
  sessions: Set<SessionId>;
  watches: boolean;
  /** Frames it may still get before it is cut. */
  left: number;
}

interface Log {
  events: RecordedEvent[];
  open?: { itemId: ItemId; text: string } | undefined;
}

export interface FaultServer {
  readonly url: string;
  readonly key: string;
  /** Ids of the commands that had an effect, in order. */
  readonly applied: string[];
  readonly connections: number;
  create(sessionId?: SessionId): SessionId;
  append(sessionId: SessionId, ...events: SessionEvent[]): void;
  /** Starts an item, or goes on writing the one that is open. */
  write(sessionId: SessionId, text: string): void;
  endItem(sessionId: SessionId): void;
  /** What every client must show in the end. */
  timeline(sessionId: SessionId): Timeline;
  view(sessionId: SessionId): SessionView;
  /** Tears every connection down after this many more frames. */
  cutAfter(frames: number): void;
  /** From now on nothing is answered on the sockets that are open: the line is dead, and nobody says so. */
  deafen(): void;
  /** Sends every frame twice. */
  stutter(on: boolean): void;
  /** Leaves the next event out. */
  skipNext(): void;
  /** Answers 401 to everything. */
  refuse(on: boolean): void;
  /** Another log takes the place of this one. */
  replace(sessionId: SessionId, events: SessionEvent[]): void;
  delete(sessionId: SessionId): void;
  /** Accepts commands, and loses the receipt with the connection. */
  cutBeforeReceipt(): void;
  /** What the next commands are answered with instead of being done. */
  refuseCommands(...errors: AppError[]): void;
  close(): Promise<void>;
}

/** A small real server of the wire that breaks on demand. */
export async function startFaultServer(): Promise<FaultServer> {
  const server = new BreakableServer();
  await server.listen();
  return server;
}

class BreakableServer implements FaultServer {
  readonly key = KEY;
  readonly applied: string[] = [];
  connections = 0;
  #http = createServer((request, response) => this.#serve(request, response));
  #sockets = new WebSocketServer({ noServer: true });
  #peers = new Set<Peer>();
  #logs = new Map<SessionId, Log>();
  #receipts = new Map<string, DownFrame>();
  #deaf = new Set<WebSocket>();
  #stutters = false;
  #skips = false;
  #refuses = false;
  #losesReceipt = false;
  #refusals: AppError[] = [];

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.#isStranger(request)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => this.#greet(webSocket));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const { socket } of this.#peers) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  create(sessionId: SessionId = createId('session')): SessionId {
    this.#logs.set(sessionId, { events: [] });
    this.append(sessionId, { type: 'session.created', backend: 'worker', cwd: '/home/ada/code', by: 'ada' });
    return sessionId;
  }

  append(sessionId: SessionId, ...events: SessionEvent[]): void {
    const log = this.#log(sessionId);
    for (const event of events) {
      const recorded = { sessionId, seq: log.events.length + 1, at: AT, event };
      log.events.push(recorded);
      if (this.#skips) {
        this.#skips = false;
        continue;
      }
      this.#publish(sessionId, { type: 'event', ...recorded });
    }
    for (const peer of this.#peers) if (peer.watches) this.#sendView(peer, sessionId);
  }

  write(sessionId: SessionId, text: string): void {
    const log = this.#log(sessionId);
    if (log.open === undefined) {
      const itemId = createId('item');
      const item = { type: 'agent-message' as const, text: '' };
      this.append(sessionId, { type: 'item.started', turnId: this.#lastTurn(log), itemId, item });
      log.open = { itemId, text: '' };
    }
    const { itemId } = log.open;
    const offset = log.open.text.length;
    log.open.text += text;
    this.#publish(sessionId, { type: 'delta', sessionId, itemId, field: 'text', offset, text });
  }

  endItem(sessionId: SessionId): void {
    const log = this.#log(sessionId);
    if (log.open === undefined) return;
    const { itemId, text } = log.open;
    log.open = undefined;
    this.append(sessionId, { type: 'item.ended', itemId, item: { type: 'agent-message', text } });
  }

  timeline(sessionId: SessionId): Timeline {
    const { events, open } = this.#log(sessionId);
    const folded = events.reduce(foldTimeline, emptyTimeline);
    return open === undefined ? folded : applyDelta(folded, { ...open, field: 'text', offset: 0 });
  }

  view(sessionId: SessionId): SessionView {
    const state = this.#log(sessionId).events.reduce(evolve, noSession);
    if (state.status === 'none') throw new Error('no session');
    return toSessionView(state);
  }

  cutAfter(frames: number): void {
    for (const peer of this.#peers) peer.left = frames;
    if (frames === 0) for (const { socket } of this.#peers) socket.terminate();
  }

  deafen(): void {
    for (const { socket } of this.#peers) this.#deaf.add(socket);
  }

  stutter(on: boolean): void {
    this.#stutters = on;
  }

  skipNext(): void {
    this.#skips = true;
  }

  refuse(on: boolean): void {
    this.#refuses = on;
  }

  replace(sessionId: SessionId, events: SessionEvent[]): void {
    const log = this.#log(sessionId);
    log.events = events.map((event, index) => ({ sessionId, seq: index + 1, at: AT, event }));
    log.open = undefined;
    this.#publish(sessionId, { type: 'reset', sessionId, reason: 'restored from a backup' });
  }

  delete(sessionId: SessionId): void {
    this.#logs.delete(sessionId);
    this.#publish(sessionId, { type: 'error', sessionId, error: toProblem(new AppError('not-found', 'It is gone')) });
  }

  cutBeforeReceipt(): void {
    this.#losesReceipt = true;
  }

  refuseCommands(...errors: AppError[]): void {
    this.#refusals.push(...errors);
  }

  #log(sessionId: SessionId): Log {
    const log = this.#logs.get(sessionId);
    if (log === undefined) throw new Error(`no log ${sessionId}`);
    return log;
  }

  #lastTurn(log: Log): TurnId {
    const started = log.events.findLast(({ event }) => event.type === 'turn.started')?.event;
    if (started?.type === 'turn.started') return started.turnId;
    throw new Error('no turn yet');
  }

  #isStranger(request: IncomingMessage): boolean {
    return this.#refuses || request.headers.authorization !== `Bearer ${KEY}`;
  }

  #greet(socket: WebSocket): void {
    this.connections += 1;
    const peer: Peer = { socket, sessions: new Set(), watches: false, left: Number.POSITIVE_INFINITY };
    this.#peers.add(peer);
    socket.on('close', () => this.#peers.delete(peer));
    socket.on('message', (data) => {
      const parsed = parseJson(toText(data));
      const frame = upFrameSchema.parse(parsed.ok ? parsed.value : undefined);
      if (!this.#deaf.has(socket)) this.#hear(peer, frame);
    });
  }

  #hear(peer: Peer, frame: UpFrame): void {
    switch (frame.type) {
      case 'hello': {
        const user = { id: 'usr_ada', name: 'Ada', role: 'owner' };
        return this.#send(peer, { type: 'welcome', protocol: 1, serverId: 'srv_1', version: '0.1.0', user });
      }
      case 'ping':
        return this.#send(peer, { type: 'pong' });
      case 'subscribe':
        return this.#subscribe(peer, frame.sessionId, frame.after);
      case 'unsubscribe':
        peer.sessions.delete(frame.sessionId);
        return;
      case 'command':
        return this.#execute(peer, frame);
      case 'watch':
        peer.watches = frame.topic === 'sessions' || peer.watches;
        if (frame.topic !== 'sessions') return;
        return this.#send(peer, {
          type: 'topic',
          topic: 'sessions',
          data: { kind: 'snapshot', sessions: [...this.#logs.keys()].map((id) => this.view(id)) },
        });
      case 'unwatch':
        peer.watches = false;
    }
  }

  #subscribe(peer: Peer, sessionId: SessionId, after: number): void {
    const log = this.#logs.get(sessionId);
    if (log === undefined) {
      const error = toProblem(new AppError('not-found', `There is no session "${sessionId}"`));
      return this.#send(peer, { type: 'error', sessionId, error });
    }
    peer.sessions.add(sessionId);
    for (const recorded of log.events.slice(after)) this.#send(peer, { type: 'event', ...recorded });
    this.#send(peer, { type: 'caught-up', sessionId, seq: log.events.length });
    if (log.open !== undefined) this.#send(peer, { type: 'delta', sessionId, ...log.open, field: 'text', offset: 0 });
  }

  #execute(peer: Peer, { id, command }: Extract<UpFrame, { type: 'command' }>): void {
    const refusal = this.#receipts.has(id) ? undefined : this.#refusals.shift();
    if (refusal !== undefined) return this.#send(peer, { type: 'receipt', id, ok: false, error: toProblem(refusal) });
    const known = this.#receipts.get(id);
    const receipt: DownFrame = known ?? { type: 'receipt', id, ok: true, result: { done: command.type } };
    this.#receipts.set(id, receipt);
    if (known === undefined) {
      this.applied.push(id);
      if (command.type === 'turn.start') {
        const turnId = command.turnId ?? createId('turn');
        this.append(command.sessionId, { type: 'turn.started', turnId, input: command.input, by: 'ada' });
      }
      if (command.type === 'turn.steer' && command.turnId !== undefined) {
        const { sessionId, turnId, input } = command;
        this.append(sessionId, { type: 'turn.steered', turnId, input, by: 'ada' });
      }
    }
    if (this.#losesReceipt) {
      this.#losesReceipt = false;
      peer.socket.terminate();
    } else this.#send(peer, receipt);
  }

  #sendView(peer: Peer, sessionId: SessionId): void {
    this.#send(peer, { type: 'topic', topic: 'sessions', data: { kind: 'changed', session: this.view(sessionId) } });
  }

  #publish(sessionId: SessionId, frame: DownFrame): void {
    for (const peer of this.#peers) if (peer.sessions.has(sessionId)) this.#send(peer, frame);
  }

  #send(peer: Peer, frame: DownFrame): void {
    if (this.#deaf.has(peer.socket) || peer.socket.readyState !== peer.socket.OPEN) return;
    if (peer.left <= 0) return peer.socket.terminate();
    peer.left -= 1;
    peer.socket.send(JSON.stringify(frame));
    if (this.#stutters && (frame.type === 'event' || frame.type === 'caught-up')) {
      peer.socket.send(JSON.stringify(frame));
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isStranger(request)) return answer(response, toProblem(new AppError('unauthenticated', 'Sign in first')));
    const url = new URL(request.url ?? '/', 'http://localhost');
    const [, , , , id, events] = url.pathname.split('/');
    const sessionId = [...this.#logs.keys()].find((each) => each === id);
    if (url.pathname === '/api/v1/me') {
      return answer(response, { user: { id: 'usr_ada', name: 'Ada', role: 'owner' } });
    }
    if (sessionId === undefined) return answer(response, toProblem(new AppError('not-found', 'No such session')));
    if (events === undefined) return answer(response, this.view(sessionId));
    const after = Number(url.searchParams.get('after'));
    const all = this.#log(sessionId).events;
    // A server may give less than was asked for.
    const page = all.slice(after, after + Math.min(300, Number(url.searchParams.get('limit') ?? 500)));
    return answer(response, { events: page, seq: all.length });
  }
}

function toText(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)).toString();
}

function answer(response: ServerResponse, body: object): void {
  const problem = problemSchema.safeParse(body);
  response.writeHead(problem.success ? problem.data.status : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
