import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { readDelays } from '../load/stamp.ts';
import type { Stream } from './load-sessions.ts';

const PROGRAM = join(import.meta.dirname, '..', 'load', 'bare-relay.ts');

/** A process that pipes load agents to sockets and does nothing else: what the system itself takes for that. */
export interface BareRelay {
  pid: number;
  /** Has all agents stream at once; answers every delay, in milliseconds, that one socket saw. */
  stream(stream: Stream): Promise<number[]>;
  stop(): void;
}

export async function startBareRelay(agents: number, env: Record<string, string> = {}): Promise<BareRelay> {
  const child = spawn(process.execPath, [PROGRAM, String(agents)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  return {
    pid: child.pid ?? 0,
    async stream({ deltasPerSecond, seconds }) {
      const delays: number[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      let ended = 0;
      socket.removeAllListeners('message').on('message', (data: Buffer) => {
        const at = process.hrtime.bigint();
        const text = data.toString('utf8');
        delays.push(...readDelays(text, at));
        if (!text.includes('"stopReason"')) return;
        ended += 1;
        if (ended === agents) resolve();
      });
      socket.send(`stream ${deltasPerSecond * seconds} deltas at ${deltasPerSecond} per second`);
      await promise;
      return delays;
    },
    stop() {
      socket.terminate();
      child.stdin.end();
    },
  };
}
