import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryPath } from '../../test/temporary-path.ts';
import { openSqliteStore } from './sqlite-store.ts';

const PROGRAM = fileURLToPath(new URL('../../test/appends-forever.ts', import.meta.url));
const ROUNDS = 10;
/** Ten starts of a process, on a machine that may be busy with other tests. */
const TIMEOUT_MS = 120_000;

/** Lets the program run until it has acknowledged so many appends, kills it, and answers the highest seq per session. */
async function runAndKill(path: string, acknowledgements: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const acknowledged = new Map<string, number>();
  let count = 0;
  // What was printed before the end is read to the end, so that nothing acknowledged is missed.
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', seq] = line.split(' ');
    acknowledged.set(name, Number(seq));
    count += 1;
    if (count === acknowledgements) child.kill('SIGKILL');
  }
  expect(count).toBeGreaterThanOrEqual(acknowledgements);
  return acknowledged;
}

test(
  'whatever was acknowledged before a kill -9 is there afterwards, once',
  async () => {
    const path = temporaryPath('baton.db');
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await runAndKill(path, 1 + Math.floor(Math.random() * 200));
      const store = openSqliteStore({ path });
      expect(await store.integrityCheck()).toMatchObject({ ok: true, problems: [] });
      for (const [name, seq] of acknowledged) {
        const sessionId = `ses_${name}` as never;
        const events = await store.readEvents(sessionId, { after: 0, limit: 100_000 });
        expect(events.length).toBeGreaterThanOrEqual(seq);
        expect(await store.readView(sessionId)).toMatchObject({ seq: events.length });
        const texts = events.map(({ event }) => event.type === 'notice.raised' && event.text);
        expect(texts).toEqual(events.map((_, index) => `${name} ${index + 1}`));
        expect(await store.readReceipt(`cmd_${name}_${seq}`)).toBe(seq);
        expect(await store.readReceipt(`cmd_${name}_${events.length + 1}`)).toBeUndefined();
      }
      await store.close();
    }
  },
  TIMEOUT_MS,
);
