#!/usr/bin/env node
// The bin of the published package. Says which Node it needs before anything that an older one cannot read is loaded.
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const NEEDED = 24;
const SETTLE_AFTER_MS = 3000;

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

// A server that is killed later has still warmed the next start; and what only the start needed is given back to the
// machine, which V8 by itself would do much later: a seventh of the memory of a server that idles.
function settle() {
  module.flushCompileCache();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
