import { setTimeout as delay } from 'node:timers/promises';
import { readStamps } from '../load/stamp.ts';
import type { Stream } from './load-sessions.ts';
import { toQuantile } from './measure.ts';
import { type LoopProbe, readCpuMs } from './process-figures.ts';

/** What a relay did while its agents streamed. */
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
  /** Deltas that all peers got, those outside of the time that is measured too. */
  seen: number;
}

/** A turn begins with work of its own (a checkpoint of the folder, a list that is told): what streams meanwhile is not counted. */
const WARM_UP_SECONDS = 2;
const TAIL_SECONDS = 0.2;

/** How long agents have to stream, so that so many seconds of it can be measured. */
export function toStream(deltasPerSecond: number, seconds: number): Stream {
  return { deltasPerSecond, seconds: WARM_UP_SECONDS + seconds + TAIL_SECONDS };
}

/** `run` streams once with `toStream`, and tells the text of every delta as a peer reads it. */
export async function measureStream(
  relay: { pids: readonly number[]; probe: LoopProbe; seconds: number },
  run: (take: (text: string, at: bigint) => void) => Promise<void>,
): Promise<StreamFigures> {
  const { pids, probe, seconds } = relay;
  const readAllCpuMs = () => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  const readLoops = () => Promise.all(pids.map((pid) => probe.read(pid)));
  const stamps: { sentAt: bigint; readAt: bigint }[] = [];
  const running = run((text, readAt) => {
    for (const sentAt of readStamps(text)) stamps.push({ sentAt, readAt });
  });
  await delay(WARM_UP_SECONDS * 1000);
  await readLoops();
  const from = { at: process.hrtime.bigint(), cpuMs: readAllCpuMs() };
  await delay(seconds * 1000);
  const until = { at: process.hrtime.bigint(), cpuMs: readAllCpuMs() };
  const loops = await readLoops();
  await running;
  const delays = stamps
    .filter(({ sentAt }) => sentAt >= from.at && sentAt <= until.at)
    .map(({ sentAt, readAt }) => Number(readAt - sentAt) / 1e6);
  const cpuMs = until.cpuMs - from.cpuMs;
  return {
    p50: toQuantile(delays, 0.5),
    p99: toQuantile(delays, 0.99),
    loopP99: Math.max(...loops.map(({ p99 }) => p99)),
    cpuPerDelta: (cpuMs * 1000) / delays.length,
    cpuPercent: (cpuMs * 1e8) / Number(until.at - from.at),
    seen: stamps.length,
  };
}
