import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHistoryIndex } from '@baton/features/history-thread';
import { foundSessionSchema } from '@baton/protocol';
import { toQuantile, type Measure } from './harness/measure.ts';
import { startServer, type BenchServer } from './harness/server.ts';
import { createTalk } from './load/talk.ts';

const PASSAGES = 100_000;
const PER_CONVERSATION = 50;
const ASKED = 60;
const FIRST = Date.UTC(2026, 0, 1);

/** What people type, from what stands everywhere to what stands once. */
const QUERIES = {
  'a common word': () => 'session',
  'two common words': () => 'session window',
  'a rare word': (turn: number) => `marker${turn * 997}`,
  'a word that is nowhere': () => 'xylophone',
  'one letter': () => 's',
  'three letters': () => 'ses',
  'a beginning': () => 'sess',
  'words together': () => '"the session"',
} as const;

/** `GET /search` over 100,000 passages, as a browser asks it, in milliseconds. */
export async function benchSearch(): Promise<Measure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-bench-search-'));
  fillIndex(join(dataDir, 'history.db'));
  const server = await startServer({ dataDir });
  try {
    // It waits for the thread that has the index, which starts with the first who asks.
    const [first = 0] = await ask(server, () => 'first', 1);
    const measures: Measure[] = [{ name: 'search, the first after a start', value: first, unit: 'ms' }];
    for (const [what, toQuery] of Object.entries(QUERIES)) {
      const times = await ask(server, toQuery);
      const name = `search over 100,000 passages, ${what}`;
      measures.push({ name: `${name}, p50`, value: toQuantile(times, 0.5), unit: 'ms' });
      measures.push({ name: `${name}, p99`, value: toQuantile(times, 0.99), unit: 'ms', target: { atMost: 100 } });
    }
    return measures;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function ask(server: BenchServer, toQuery: (turn: number) => string, asked = ASKED): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < asked; turn += 1) {
    const startedAt = performance.now();
    await (await server.request('GET', `/search?limit=60&q=${encodeURIComponent(toQuery(turn))}`)).text();
    times.push(performance.now() - startedAt);
  }
  return times;
}

// As the feature itself keeps them, under an agent that has no folder here: nothing reads or forgets them meanwhile.
function fillIndex(path: string): void {
  const index = openHistoryIndex(path);
  const say = createTalk();
  for (let from = 0; from < PASSAGES; from += PER_CONVERSATION) {
    const number = from / PER_CONVERSATION;
    const id = foundSessionSchema.shape.id.parse(`fnd_${String(number).padStart(26, '0')}`);
    const at = new Date(FIRST + from * 1000).toISOString();
    const view = {
      backend: 'bench',
      nativeId: id,
      title: say(6),
      cwd: '/w/app',
      turns: 25,
      createdAt: at,
      updatedAt: at,
    };
    const passages = Array.from({ length: PER_CONVERSATION }, (_, offset) => {
      const passage = from + offset;
      return { at: FIRST + passage * 1000, text: `${say(60)} marker${passage} ${say(60)}` };
    });
    index.keepStored({ id, backend: 'bench', ref: id }, { view, passages, version: '1' });
  }
  index.close();
}
