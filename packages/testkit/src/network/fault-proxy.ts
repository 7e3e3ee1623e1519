import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

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
  readonly connections: number;
  close(): Promise<void>;
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let deaf = false;
  let budget = Number.POSITIVE_INFINITY;
  let connections = 0;

  function cut(): void {
    for (const { client, server } of pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    pairs.clear();
  }

  const listener = createServer((client) => {
    connections += 1;
    const server = connect(targetPort, '127.0.0.1');
    const pair = { client, server };
    pairs.add(pair);
    client.on('data', (chunk) => {
      if (!deaf) server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (deaf) return;
      budget -= chunk.length;
      if (budget > 0) return void client.write(chunk);
      // The client keeps what came before the cut, as on a real network.
      client.write(chunk.subarray(0, chunk.length + budget));
      budget = Number.POSITIVE_INFINITY;
      cut();
    });
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on('close', end).on('error', end);
    server.on('close', end).on('error', end);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

  return {
    port: (listener.address() as AddressInfo).port,
    cut,
    deafen() {
      deaf = true;
    },
    mend() {
      deaf = false;
      cut();
    },
    cutAfter(bytes) {
      budget = bytes;
    },
    get connections() {
      return connections;
    },
    async close() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
