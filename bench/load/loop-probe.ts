// Loaded into a process by `--import`: measures how late its event loop is. At SIGURG it writes what it saw since the last
// time to a file with its number, in the folder that BATON_BENCH_LOOP names, and begins anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 2;
const folder = process.env['BATON_BENCH_LOOP'];

if (folder !== undefined) {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  // Node records the time between two looks, which is the resolution when nothing is late.
  const toLate = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  let told = 0;
  histogram.enable();
  process.on('SIGURG', () => {
    told += 1;
    const delays = { p50: toLate(histogram.percentile(50)), p99: toLate(histogram.percentile(99)) };
    writeFileSync(join(folder, String(process.pid)), JSON.stringify({ told, max: toLate(histogram.max), ...delays }));
    histogram.reset();
  });
}
