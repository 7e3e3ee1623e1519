import { setTimeout as delay } from 'node:timers/promises';
import { readStamps } from '../load/stamp.ts';
import type { Stream } from './load-sessions.ts';
import { toMedian, toQuantile } from './measure.ts';
import { type LoopProbe, readCpuMs, readCoreWaitMs } from './process-figures.ts';

/**
 * What a relay did while its agents streamed. Delays are those of its quietest second: what other programs on the machine
 * take of two cores would be most of any other, and differs from one second to the next.
 */
export interface StreamFigures {
  /** From the line that an agent wrote to the frame that a peer read, in milliseconds. */
  p50: number;
  p99: number;
  /** How late the event loop was, in milliseconds; of the process that was later where there are two. */
  loopP99: number;
  /** Processor time of all processes of the relay, in microseconds for each delta that a peer got. */
  cpuPerDelta: number;
  /** Of one core, in percent. */
  cpuPercent: number;
  /** How long its processes wanted a core and had none, in percent of the time. */
  waitPercent: number;
  /** Deltas that all peers got, those outside of the time that is measured too. */
  seen: number;
}

/** A turn begins with work of its own (a prompt is saved, a list is told): what streams meanwhile is not counted. */
const WARM_UP_SECONDS = 1.5;
const TAIL_SECONDS = 0.3;

/** How long agents have to stream, so that so many seconds of it can be measured. */
export function toStream(deltasPerSecond: number, seconds: number): Stream {
  return { deltasPerSecond, seconds: WARM_UP_SECONDS + seconds + TAIL_SECONDS };
}

/** Of several rounds: delays of the quietest, of all else the median. */
export function summarise(rounds: readonly StreamFigures[], figure: keyof StreamFigures): number {
  const values = rounds.map((round) => round[figure]);
  return figure === 'p50' || figure === 'p99' || figure === 'loopP99' ? Math.min(...values) : toMedian(values);
}

interface Relay {
  pids: readonly number[];
  probe: LoopProbe;
  seconds: number;
}

interface Second {
  from: bigint;
  until: bigint;
  loopP99: number;
}

/** `run` streams once with `toStream`, and tells the text of every delta as a peer reads it. */
export async function measureStream(
  relay: Relay,
  run: (take: (text: string, at: bigint) => void) => Promise<void>,
): Promise<StreamFigures> {
  const stamps: { sentAt: bigint; readAt: bigint }[] = [];
  const running = run((text, readAt) => {
    for (const sentAt of readStamps(text)) stamps.push({ sentAt, readAt });
  });
  await delay(WARM_UP_SECONDS * 1000);
  await readLoop(relay);
  const before = readTimes(relay);
  const seconds = await watchSeconds(relay);
  const after = readTimes(relay);
  await running;
  const groups = seconds.map(({ from, until }) =>
    stamps
      .filter(({ sentAt }) => sentAt >= from && sentAt < until)
      .map(({ sentAt, readAt }) => Number(readAt - sentAt) / 1e6),
  );
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  const cpuMs = after.cpuMs - before.cpuMs;
  return {
    p50: Math.min(...groups.map((group) => toQuantile(group, 0.5))),
    p99: Math.min(...groups.map((group) => toQuantile(group, 0.99))),
    loopP99: Math.min(...seconds.map(({ loopP99 }) => loopP99)),
    cpuPerDelta: (cpuMs * 1000) / count,
    cpuPercent: (cpuMs * 100) / (after.at - before.at),
    waitPercent: ((after.waitMs - before.waitMs) * 100) / (after.at - before.at),
    seen: stamps.length,
  };
}

async function watchSeconds(relay: Relay): Promise<Second[]> {
  const seconds: Second[] = [];
  while (seconds.length < relay.seconds) {
    const from = process.hrtime.bigint();
    await delay(1000);
    seconds.push({ from, until: process.hrtime.bigint(), loopP99: await readLoop(relay) });
  }
  return seconds;
}

async function readLoop({ pids, probe }: Relay): Promise<number> {
  const loops = await Promise.all(pids.map((pid) => probe.read(pid)));
  return Math.max(...loops.map(({ p99 }) => p99));
}

function readTimes({ pids }: Relay): { at: number; cpuMs: number; waitMs: number } {
  const sum = (read: (pid: number) => number) => pids.reduce((total, pid) => total + read(pid), 0);
  return { at: performance.now(), cpuMs: sum(readCpuMs), waitMs: sum(readCoreWaitMs) };
}
