import { EventEmitter, once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { toAppError } from '@baton/protocol';
import {
  type AgentProcess,
  type ProcessExit,
  type ProcessOptions,
  createLineSplitter,
  startProcess,
} from '@baton/runner';
import type { SpawnOrder, SpawnedProcess } from './wire.ts';

const MAX_LINE_BYTES = 256 * 1024 * 1024;

export interface Spawning {
  /** For the SDK. */
  spawned: SpawnedProcess;
  /** Rejects when it cannot be started. */
  process: Promise<AgentProcess>;
}

export type Surroundings = Pick<ProcessOptions, 'cwd' | 'marker' | 'bounds' | 'onOverlongLine' | 'onStderrLine'> & {
  /** Resolves when what was read so far has been dealt with. */
  whenDone(): Promise<unknown>;
  /** Exactly once, when nothing the process started is alive any more and the SDK has had its last line. */
  onExit(exit: ProcessExit): void;
};

/** Starts the program of the SDK through the runner, which finds and ends all that it starts in its turn. */
export function spawnForSdk(order: SpawnOrder, surroundings: Surroundings): Spawning {
  const { whenDone, onExit, ...rest } = surroundings;
  const stdout = new PassThrough();
  const events = new EventEmitter();
  const end: { exitCode: number | null; signalCode: string | null; killed: boolean } = {
    exitCode: null,
    signalCode: null,
    killed: false,
  };
  const process = startProcess({
    ...rest,
    // See `launchClaude`.
    leashed: true,
    command: order.command,
    args: order.args,
    env: toDefined(order.env),
    async onLine(line) {
      if (!stdout.write(`${line}\n`)) await Promise.race([once(stdout, 'drain'), once(stdout, 'close')]);
      await whenDone();
    },
    onExit(exit) {
      void handOver(stdout).then(() => {
        end.exitCode = exit.code;
        end.signalCode = exit.signal;
        events.emit('exit', exit.code, exit.signal);
        onExit(exit);
      });
    },
  });
  process.catch((error: unknown) => events.emit('error', toAppError(error)));
  const stop = () => void process.then((started) => started.stop()).catch(() => {});
  order.signal.addEventListener('abort', stop, { once: true });
  const spawned: SpawnedProcess = {
    stdin: toStdin(process),
    stdout,
    get killed() {
      return end.killed;
    },
    get exitCode() {
      return end.exitCode;
    },
    get signalCode() {
      return end.signalCode;
    },
    kill() {
      end.killed = true;
      stop();
      return true;
    },
    on: (event, listener) => events.on(event, listener),
    once: (event, listener) => events.once(event, listener),
    off: (event, listener) => events.off(event, listener),
  };
  return { spawned, process };
}

const HAND_OVER_MS = 2000;

// The SDK takes an exit for the end of everything, so it hears of it after the last line.
async function handOver(stdout: PassThrough): Promise<void> {
  const closed = once(stdout, 'close');
  stdout.end();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, HAND_OVER_MS).unref())]);
}

function toStdin(process: Promise<AgentProcess>): Writable {
  const splitter = createLineSplitter({ maxLineBytes: MAX_LINE_BYTES });
  return new Writable({
    decodeStrings: true,
    write(chunk: Uint8Array, _encoding, done) {
      void write(chunk).then(() => done(), done);
    },
    final(done) {
      void process.then((started) => started.closeInput()).then(() => done(), done);
    },
  });

  async function write(chunk: Uint8Array): Promise<void> {
    const started = await process;
    for (const line of splitter.push(chunk)) if (line.type === 'line') await started.write(line.text);
  }
}

function toDefined(env: SpawnOrder['env']): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
