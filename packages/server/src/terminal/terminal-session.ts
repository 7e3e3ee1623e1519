import type { Clock } from '@baton/core';
import { parseJson, terminalUpSchema, type TerminalDown } from '@baton/protocol';
import { createProcessFamily, endFamily, readProcess, STOP_BOUNDS, type ProcessFamily } from '@baton/runner';
import type { RawData, WebSocket } from 'ws';
import { createFrameBudget, type FrameBudget } from '../socket/frame-budget.ts';
import type { Pty } from './pty.ts';

/** A program that asks for a code or shows a link needs minutes at most. */
export const TERMINAL_LIFE_MS = 15 * 60_000;
/** Nothing that one signs in with writes as much: what does is ended. */
const MOST_OUTPUT = 8 * 1024 * 1024;
/** Above this the program is made to wait until the page has read. */
const HIGH_WATER = 256 * 1024;
const FRAMES_PER_SECOND = 100;
const GENTLE = { ...STOP_BOUNDS, interruptMs: 500, terminateMs: 1000 };

export interface TerminalParts {
  socket: WebSocket;
  pty: Pty;
  clock: Clock;
  marker: { server: string; run: string };
  /** Called once, when the program and all it started are gone. */
  onOver(): void;
}

/**
 * A pseudo-terminal over one socket. What is typed goes to the program and is neither logged nor kept. The program and
 * all it started end with the socket, after a time, or when it floods.
 */
export class TerminalSession {
  readonly #parts: TerminalParts;
  readonly #budget: FrameBudget;
  readonly #cancelLife: () => void;
  readonly #family: Promise<ProcessFamily>;
  #written = 0;
  #isOver = false;
  #ending: Promise<void> | undefined;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    const { socket, pty, clock } = parts;
    this.#budget = createFrameBudget(clock, FRAMES_PER_SECOND);
    this.#cancelLife = clock.after(TERMINAL_LIFE_MS, () => {
      void this.end({ type: 'error', message: `Ended after ${TERMINAL_LIFE_MS / 60_000} minutes. Start again` });
    });
    this.#family = toFamily(pty.pid, parts.marker);
    pty.onData((data) => this.#tell(data));
    pty.onExit(({ exitCode }) => void this.end({ type: 'exit', code: exitCode }));
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('error', () => undefined);
    socket.once('close', () => void this.end());
  }

  /** Ends the whole tree; `last` is told before the socket is closed. Idempotent. */
  end(last?: TerminalDown): Promise<void> {
    this.#ending ??= this.#end(last);
    return this.#ending;
  }

  async #end(last: TerminalDown | undefined): Promise<void> {
    this.#isOver = true;
    this.#cancelLife();
    const { socket, pty, onOver } = this.#parts;
    // A paused terminal would keep its program from ending.
    pty.resume();
    await endFamily(await this.#family, { bounds: GENTLE, from: 'terminate' });
    if (process.platform === 'win32' && last?.type !== 'exit') pty.kill();
    if (last !== undefined) this.#send(last);
    socket.close(1000);
    onOver();
  }

  #tell(data: string): void {
    if (this.#isOver) return;
    this.#written += data.length;
    if (this.#written > MOST_OUTPUT) {
      const message = 'Ended: the program wrote more than 8 MB, which no sign-in does';
      return void this.end({ type: 'error', message });
    }
    this.#send({ type: 'output', data });
    if (this.#parts.socket.bufferedAmount > HIGH_WATER) this.#wait();
  }

  // One question at a time: a paused terminal tells nothing more.
  #wait(): void {
    const { pty, socket } = this.#parts;
    pty.pause();
    socket.ping(undefined, undefined, () => {
      if (!this.#isOver) pty.resume();
    });
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#isOver) return;
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    const parsed = isBinary ? undefined : parseJson(bytes.toString());
    const frame = terminalUpSchema.safeParse(parsed?.ok === true ? parsed.value : undefined);
    if (!frame.success || !this.#budget.take(bytes.length)) {
      const message = frame.success ? 'Ended: too much was typed at once' : 'Ended: the page sent what cannot be read';
      return void this.end({ type: 'error', message });
    }
    if (frame.data.type === 'input') this.#parts.pty.write(frame.data.data);
    else this.#parts.pty.resize(frame.data.cols, frame.data.rows);
  }

  #send(frame: TerminalDown): void {
    const { socket } = this.#parts;
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  }
}

async function toFamily(pid: number, marker: TerminalParts['marker']): Promise<ProcessFamily> {
  const root = await readProcess(pid);
  return createProcessFamily({ marker, ...(root === undefined ? {} : { root: { pid, startTime: root.startTime } }) });
}
