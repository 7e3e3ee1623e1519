import type { AgentUsage, ServerStatus } from '@baton/protocol';
import { formatBytes, formatDuration } from '../session/figures.ts';

/** Bytes up to whole disks: "4.2 MB", "12.4 GB". */
export function formatSize(bytes: number): string {
  if (bytes < 1024 ** 3) return formatBytes(bytes);
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}

/** "3 %", and "0.4 %" where a whole number would hide it; a dash before the second measurement. */
export function formatPercent(percent: number | undefined): string {
  if (percent === undefined) return '–';
  return `${percent > 0.05 && percent < 0.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** "0.4 ms", "18 ms". */
export function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** "1 min 5 s", "3 h 20 min", "12 days". */
export function formatUptime(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  return days < 2 ? formatDuration(ms) : `${days} days`;
}

/** What all agents take together. */
export function sumAgents(agents: readonly AgentUsage[]): { processes: number; rssBytes: number; cpuPercent: number } {
  return agents.reduce(
    (sum, agent) => ({
      processes: sum.processes + agent.processes,
      rssBytes: sum.rssBytes + agent.rssBytes,
      cpuPercent: sum.cpuPercent + (agent.cpuPercent ?? 0),
    }),
    { processes: 0, rssBytes: 0, cpuPercent: 0 },
  );
}

const SLOW_LOOP_MS = 200;
const GOOD_SPACE = 1024 ** 3;

/** What a person should do something about, in the order of harm. */
export function findTroubles({ store, disk, eventLoop, runner }: ServerStatus): string[] {
  const troubles: string[] = [];
  if (runner?.state === 'silent')
    troubles.push(
      'The runner, which holds the agents, does not answer. If that goes on, it is ended and started anew.',
    );
  if (!store.writable) troubles.push('The last write did not reach the disk. Free some space, or look at the disk.');
  if (disk !== undefined && disk.freeBytes < GOOD_SPACE)
    troubles.push(`Only ${formatSize(disk.freeBytes)} are free on the disk. With a full disk nothing can be recorded.`);
  if (eventLoop.p99Ms > SLOW_LOOP_MS)
    troubles.push(`The server is late by ${formatMs(eventLoop.p99Ms)}: this machine is very busy.`);
  return troubles;
}
