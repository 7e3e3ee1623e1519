import {
  type CommandInput,
  createId,
  type DownFrame,
  downFrameSchema,
  type EventOf,
  parseJson,
  type RecordedEvent,
  type SessionEvent,
  type SessionEventType,
  type SessionId,
  type UpFrameInput,
} from '@baton/protocol';
import { WebSocket } from 'ws';

/** A program that is not Baton's own client: it speaks the wire as wire.md has it, and checks every frame's shape. */
export interface Peer {
  readonly frames: readonly DownFrame[];
  send(frame: UpFrameInput): void;
  /** The first frame, past or future, that fits. Rejects with all that came when none does in time. */
  until(fits: (frame: DownFrame) => boolean, what?: string): Promise<DownFrame>;
  /** Sends a command and gives its receipt's result; throws the problem of a refusal. */
  command(command: CommandInput, id?: string): Promise<unknown>;
  /** The first event of this type in this session that fits. */
  event<T extends SessionEventType>(
    sessionId: SessionId,
    type: T,
    fits?: (event: EventOf<T>) => boolean,
  ): Promise<EventOf<T>>;
  events(sessionId: SessionId): RecordedEvent[];
  /** Stops reading from the socket, as a program does that hangs. */
  pause(): void;
  resume(): void;
  close(): void;
  readonly closed: Promise<number>;
}

const PATIENCE_MS = 150_000;

export async function connectPeer(url: string, key: string): Promise<Peer> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const inbox = new Inbox();
  socket.on('message', (data: Buffer) => inbox.take(data.toString('utf8')));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const send = (frame: UpFrameInput): void => socket.send(JSON.stringify(frame));

  async function command(each: CommandInput, id: string = createId('command')): Promise<unknown> {
    send({ type: 'command', id, command: each });
    const receipt = await inbox.until(
      (frame) => frame.type === 'receipt' && frame.id === id,
      `the receipt of ${each.type}`,
    );
    if (receipt.type !== 'receipt') throw new Error('not a receipt');
    if (!receipt.ok) throw Object.assign(new Error(receipt.error?.detail), { problem: receipt.error });
    return receipt.result;
  }

  send({ type: 'hello', protocol: 1, client: 'e2e' });
  await inbox.until((frame) => frame.type === 'welcome', 'welcome');
  return {
    frames: inbox.frames,
    send,
    until: (fits, what) => inbox.until(fits, what),
    command,
    event: (sessionId, type, fits) => inbox.event({ sessionId, type, fits }),
    events: (sessionId) =>
      inbox.frames.flatMap((frame) => (frame.type === 'event' && frame.sessionId === sessionId ? [frame] : [])),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
    closed,
  };
}

interface EventQuery<T extends SessionEventType> {
  sessionId: SessionId;
  type: T;
  fits: ((event: EventOf<T>) => boolean) | undefined;
}

/** All frames of one connection, and who waits for which. */
class Inbox {
  readonly frames: DownFrame[] = [];
  readonly #waiting = new Set<(frame: DownFrame) => void>();
  readonly #faults: string[] = [];

  take(text: string): void {
    const parsed = parseJson(text);
    const frame = downFrameSchema.safeParse(parsed.ok ? parsed.value : undefined);
    if (!frame.success) {
      this.#faults.push(`${text.slice(0, 500)}: ${frame.error.message}`);
      return;
    }
    this.frames.push(frame.data);
    for (const waiter of this.#waiting) waiter(frame.data);
  }

  until(fits: (frame: DownFrame) => boolean, what = 'a frame'): Promise<DownFrame> {
    const found = this.frames.find(fits);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const waiter = (frame: DownFrame): void => {
        if (!fits(frame)) return;
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        resolve(frame);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new Error(this.#explain(what)));
      }, PATIENCE_MS);
      this.#waiting.add(waiter);
    });
  }

  async event<T extends SessionEventType>({ sessionId, type, fits }: EventQuery<T>): Promise<EventOf<T>> {
    const isIt = (event: SessionEvent): event is EventOf<T> => event.type === type;
    const frame = await this.until(
      (each) =>
        each.type === 'event' && each.sessionId === sessionId && isIt(each.event) && (fits?.(each.event) ?? true),
      `${type} in ${sessionId}`,
    );
    if (frame.type !== 'event' || !isIt(frame.event)) throw new Error('not the event');
    return frame.event;
  }

  #explain(what: string): string {
    const seen = this.frames.slice(-200).map((frame) => (frame.type === 'event' ? frame.event.type : frame.type));
    const last = JSON.stringify(this.frames.slice(-3)).slice(0, 2000);
    return `waited for ${what}; faults: ${this.#faults.join('; ')}; came: ${seen.join(' ')}; last: ${last}`;
  }
}
