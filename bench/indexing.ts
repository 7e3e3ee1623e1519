import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type HistoryStatus, historyStatusSchema, ROUTES } from '@baton/protocol';
import { toClaudeProject, toClaudeTranscript, type Exchange } from '@baton/testkit';
import { toQuantile, type Measure } from './harness/measure.ts';
import { readCpuMs, readMemory } from './harness/process-figures.ts';
import { startServer, type BenchServer } from './harness/server.ts';
import { createTalk } from './load/talk.ts';

const SESSIONS = 10_000;
const FOLDERS = 50;
const BYTES = 200_000_000;
const PAUSE_MS = 5;
const LOOK_MS = 250;

/**
 * The first look at a machine that has been used for years: how long it takes, and what others notice of it. A server beside
 * it, which has nothing to look at, tells how much of that is the machine's.
 */
export async function benchIndexing(): Promise<Measure[]> {
  const home = mkdtempSync(join(tmpdir(), 'baton-bench-home-'));
  writeConversations(home);
  const startedAt = performance.now();
  const server = await startServer({ env: { HOME: home } });
  const idle = await startServer();
  try {
    const stop = new AbortController();
    const waits = Promise.all([watchHealth(server, stop.signal), watchHealth(idle, stop.signal)]);
    const status = await untilReady(server);
    const seconds = (performance.now() - startedAt) / 1000;
    const spent = readCpuMs(server.pid) / 1000;
    stop.abort();
    const [times, idleTimes] = await waits;
    if (status.found !== SESSIONS) throw new Error(`Found ${status.found} conversations of ${SESSIONS}`);
    const name = 'indexing 10,000 stored sessions (200 MB)';
    return [
      { name, value: seconds, unit: 's', target: { atMost: 30 } },
      { name: `${name}, processor time of the server`, value: spent, unit: 's' },
      { name: `${name}, /health p99`, value: toQuantile(times, 0.99), unit: 'ms' },
      { name: `${name}, /health p99 of an idle server`, value: toQuantile(idleTimes, 0.99), unit: 'ms' },
      { name: `${name}, /health longest`, value: Math.max(...times), unit: 'ms', target: { atMost: 50 } },
      { name: `${name}, /health longest of an idle server`, value: Math.max(...idleTimes), unit: 'ms' },
      { name: `${name}, event loop late at most`, value: await readLateness(server), unit: 'ms' },
      { name: `${name}, memory after`, value: readMemory(server.pid), unit: 'MB' },
    ];
  } finally {
    await Promise.all([server.stop(), idle.stop()]);
    rmSync(home, { recursive: true, force: true });
  }
}

async function untilReady(server: BenchServer): Promise<HistoryStatus> {
  for (;;) {
    await delay(LOOK_MS);
    const status = historyStatusSchema.parse(await (await server.request('GET', '/history/status')).json());
    if (status.state === 'ready') return status;
  }
}

async function readLateness(server: BenchServer): Promise<number> {
  const health = ROUTES.getHealth.response.parse(await (await server.request('GET', '/health')).json());
  return health.details?.eventLoop.maxMs ?? 0;
}

async function watchHealth(server: BenchServer, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  // The first request after a start pays for what it loads, with or without an index.
  await (await server.request('GET', '/health')).text();
  while (!signal.aborted) {
    const askedAt = performance.now();
    await (await server.request('GET', '/health')).text();
    times.push(performance.now() - askedAt);
    await delay(PAUSE_MS);
  }
  return times;
}

// Most are short and a few are long, as on a real machine.
function writeConversations(home: string): void {
  const say = createTalk();
  const typical = BYTES / SESSIONS;
  for (let number = 0; number < SESSIONS; number += 1) {
    const cwd = join(home, `project-${number % FOLDERS}`);
    const folder = join(home, '.claude', 'projects', toClaudeProject(cwd));
    mkdirSync(folder, { recursive: true });
    const nativeId = `${number.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`;
    const at = new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString();
    const exchanges = toExchanges(say, number % 100 === 0 ? typical * 40 : typical * 0.6);
    writeFileSync(join(folder, `${nativeId}.jsonl`), toClaudeTranscript({ nativeId, cwd, at, exchanges }));
  }
}

function toExchanges(say: (words: number) => string, bytes: number): Exchange[] {
  const exchanges: Exchange[] = [];
  for (let size = 0; size < bytes; ) {
    const command = { line: `npm test -- ${say(2)}`, output: say(250) };
    const exchange = { prompt: say(20), answer: say(150), command };
    exchanges.push(exchange);
    // The lines around the words take about as much again as they do in real files.
    size += exchange.prompt.length + exchange.answer.length + 2 * command.output.length + 2200;
  }
  return exchanges;
}
