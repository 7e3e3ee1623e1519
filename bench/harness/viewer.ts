import { once } from 'node:events';
import { createId, PROTOCOL_VERSION, parseJson } from '@baton/protocol';
import { WebSocket } from 'ws';
import type { BenchServer } from './server.ts';

/** A frame as the benchmarks read it: they measure, the tests check shapes. */
export interface SeenFrame {
  type: string;
  sessionId?: string;
  itemId?: string;
  offset?: number;
  text?: string;
  seq?: number;
  event?: { type: string; pid?: number | null };
}

/** A bare peer on the live socket. */
export interface Viewer {
  send(frame: Record<string, unknown>): void;
  prompt(sessionId: string, input: string): void;
  onFrame: (frame: SeenFrame) => void;
  /** Called for each delta with the time it was read at (ns, monotonic, the same clock in every process). */
  onDelta: (text: string, at: bigint) => void;
  /** The next frame that fits. */
  until(fits: (frame: SeenFrame) => boolean): Promise<SeenFrame>;
  readonly isOpen: boolean;
  close(): void;
}

export async function connectViewer(server: BenchServer): Promise<Viewer> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/live`, {
    headers: server.headers,
    perMessageDeflate: false,
  });
  const waiting = new Set<(frame: SeenFrame) => void>();
  const viewer: Viewer = {
    onFrame: () => undefined,
    onDelta: () => undefined,
    send: (frame) => socket.send(JSON.stringify(frame)),
    prompt: (sessionId, input) =>
      viewer.send({ type: 'command', id: createId('command'), command: { type: 'turn.start', sessionId, input } }),
    until: (fits) =>
      new Promise((resolve) => {
        const take = (frame: SeenFrame): void => {
          if (!fits(frame)) return;
          waiting.delete(take);
          resolve(frame);
        };
        waiting.add(take);
      }),
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    close: () => socket.terminate(),
  };
  socket.on('message', (data: Buffer) => {
    const at = process.hrtime.bigint();
    const parsed = parseJson(data.toString('utf8'));
    if (!parsed.ok) return;
    const frame = parsed.value as SeenFrame;
    viewer.onFrame(frame);
    if (frame.type === 'delta') viewer.onDelta(frame.text ?? '', at);
    for (const take of waiting) take(frame);
  });
  await once(socket, 'open');
  const welcome = viewer.until((frame) => frame.type === 'welcome');
  viewer.send({ type: 'hello', protocol: PROTOCOL_VERSION, client: 'bench' });
  await welcome;
  return viewer;
}
