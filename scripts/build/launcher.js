#!/usr/bin/env node
// The bin of the published package. Says which Node it needs before anything that an older one cannot read is loaded.
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const NEEDED = 24;
const SETTLE_AFTER_MS = 3000;
/** Part of its time a server is busy at most when nobody waits for it. */
const AT_REST = 0.05;
/** Beyond this, room for young objects no longer makes a server faster. */
const ENOUGH_YOUNG_BYTES = 16 * 1024 * 1024;

if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(`Baton needs Node ${NEEDED} or newer; this is ${process.version}. Get it from https://nodejs.org`);
  process.exit(1);
}

// In the user's own cache, not in the shared temporary folder: whoever can write there could put code into ours.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
module.enableCompileCache(join(cache, 'baton', 'compile'));
// Only a program that stays, a server, gets there; one that ends sooner does not wait for it.
setTimeout(settle, SETTLE_AFTER_MS).unref();

await import('./main.js');

// A server that is killed later has still warmed the next start.
function settle() {
  module.flushCompileCache();
  boundYoungSpace();
  void import('node:perf_hooks').then(({ PerformanceObserver, performance }) => {
    new PerformanceObserver(boundYoungSpace).observe({ entryTypes: ['gc'] });
    giveBackAtRest(performance);
  });
}

// What only the start needed is given back to the machine, which V8 by itself would do much later: a seventh of the memory of a
// server that idles. It stops everything for a twentieth of a second, so it waits for a moment when nobody wants anything.
function giveBackAtRest(performance) {
  const before = performance.eventLoopUtilization();
  const look = () => {
    if (performance.eventLoopUtilization(before).utilization > AT_REST) return giveBackAtRest(performance);
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  };
  setTimeout(look, 1000).unref();
}

// V8 lets the room for young objects grow to 64 MB under load, and keeps it: a third of the memory of a server with fifty
// agents. Its bound can only be given on the command line of Node, which is not ours; how fast it grows can be changed.
function boundYoungSpace() {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  const isEnough = young !== undefined && young.space_size >= ENOUGH_YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isEnough ? 1 : 2}`);
}
