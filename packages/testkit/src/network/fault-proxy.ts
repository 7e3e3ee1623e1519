import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A wire that can be cut: TCP between a client and a server on loopback, with faults on demand. */
export interface FaultProxy {
  readonly port: number;
  /** Ends every connection at once, the hard way (RST). */
  cut(): void;
  /** Half-open: bytes of both sides are swallowed, and nobody is told. New connections are taken and stay dumb. */
  deafen(): void;
  /** Ends half-open connections and carries new ones again. */
  mend(): void;
  /** Cuts a connection after it carried so many more bytes towards the client. */
  cutAfter(bytes: number): void;
  /** The same towards the server. */
  cutAfterSent(bytes: number): void;
  /** Every chunk of either direction waits this long from now on, in order. */
  delay(ms: number): void;
  /** Carries nothing towards the clients and lets them push back on the server; `mend` or `thaw` ends it. */
  freeze(): void;
  thaw(): void;
  readonly connections: number;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const wire = new Wire(targetPort);
  await wire.listen();
  return wire;
}

interface Pair {
  client: Socket;
  server: Socket;
}

type Direction = 'sent' | 'received';

class Wire implements FaultProxy {
  readonly #pairs = new Set<Pair>();
  readonly #listener: Server;
  readonly #budget: Record<Direction, number> = { received: Infinity, sent: Infinity };
  #connections = 0;
  #deaf = false;
  #frozen = false;
  #delayMs = 0;
  /** Chunks that wait. */
  #late = 0;
  readonly #queues: Record<Direction, Promise<void>> = { received: Promise.resolve(), sent: Promise.resolve() };

  constructor(targetPort: number) {
    this.#listener = createServer((client) => this.#join(client, connect(targetPort, '127.0.0.1')));
  }

  get port(): number {
    const address = this.#listener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get connections(): number {
    return this.#connections;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#listener.listen(0, '127.0.0.1', resolve));
  }

  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  deafen(): void {
    this.#deaf = true;
  }

  mend(): void {
    this.#deaf = false;
    this.#frozen = false;
    this.cut();
  }

  cutAfter(bytes: number): void {
    this.#budget.received = bytes;
  }

  cutAfterSent(bytes: number): void {
    this.#budget.sent = bytes;
  }

  delay(ms: number): void {
    this.#delayMs = ms;
  }

  freeze(): void {
    this.#frozen = true;
    for (const { server } of this.#pairs) server.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const { server } of this.#pairs) server.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #join(client: Socket, server: Socket): void {
    this.#connections += 1;
    const pair = { client, server };
    this.#pairs.add(pair);
    client.on('data', (chunk) => this.#pass(chunk, server, 'sent'));
    server.on('data', (chunk) => this.#pass(chunk, client, 'received'));
    if (this.#frozen) server.pause();
    const end = () => {
      this.#pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end).on('error', end);
    server.on('close', end).on('error', end);
  }

  #pass(chunk: Buffer, to: Socket, direction: Direction): void {
    if (this.#delayMs === 0 && this.#late === 0) return this.#carry(chunk, to, direction);
    const due = performance.now() + this.#delayMs;
    this.#late += 1;
    // What is late keeps what comes after it behind it, also when the delay has been changed since.
    this.#queues[direction] = this.#queues[direction].then(async () => {
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait);
      this.#late -= 1;
      this.#carry(chunk, to, direction);
    });
  }

  #carry(chunk: Buffer, to: Socket, direction: Direction): void {
    if (this.#deaf || to.destroyed) return;
    this.#budget[direction] -= chunk.length;
    const left = this.#budget[direction];
    if (left > 0) return void to.write(chunk);
    // The other side keeps what came before the cut, as on a real network.
    to.write(chunk.subarray(0, chunk.length + left));
    this.#budget[direction] = Infinity;
    this.cut();
  }
}
