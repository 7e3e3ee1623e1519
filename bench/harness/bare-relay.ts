import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { Stream } from './load-sessions.ts';

const PROGRAM = join(import.meta.dirname, '..', 'load', 'bare-relay.ts');

/** A process that pipes load agents to sockets and does nothing else: what the system itself takes for that. */
export interface BareRelay {
  pid: number;
  /** Has all agents stream at once, and tells what every socket reads. */
  stream(stream: Stream, take: (text: string, at: bigint) => void): Promise<void>;
  stop(): void;
}

export async function startBareRelay(options: {
  agents: number;
  sockets: number;
  env: Record<string, string>;
}): Promise<BareRelay> {
  const { agents, env } = options;
  const child = spawn(process.execPath, [PROGRAM, String(agents)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const sockets = await Promise.all(Array.from({ length: options.sockets }, () => open(port)));
  return {
    pid: child.pid ?? 0,
    async stream({ deltasPerSecond, seconds }, take) {
      const ended = sockets.map((socket) => listen(socket, agents, take));
      sockets[0]?.send(`stream ${Math.round(deltasPerSecond * seconds)} deltas at ${deltasPerSecond} per second`);
      await Promise.all(ended);
    },
    stop() {
      for (const socket of sockets) socket.terminate();
      child.stdin.end();
    },
  };
}

async function open(port: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

// Resolves when all agents have said that they are done.
function listen(socket: WebSocket, agents: number, take: (text: string, at: bigint) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let ended = 0;
  socket.removeAllListeners('message').on('message', (data: Buffer) => {
    const at = process.hrtime.bigint();
    const text = data.toString('utf8');
    take(text, at);
    if (text.includes('"stopReason"')) ended += 1;
    if (ended === agents) resolve();
  });
  return promise;
}
