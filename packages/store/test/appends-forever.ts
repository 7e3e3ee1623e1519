// A program for the kill test: appends to the database it is given until it is killed, and prints every acknowledged append.
import { openSqliteStore } from '../src/index.ts';
import { toAppend, toNotice } from './sample.ts';

const store = openSqliteStore({ path: process.argv[2] ?? '' });

async function write(name: string): Promise<never> {
  for (let seq = await store.readLastSeq(toAppend(name, 0).sessionId); ; seq += 1) {
    const commandId = `cmd_${name}_${seq + 1}`;
    await store.append({
      ...toAppend(name, seq, [toNotice(`${name} ${seq + 1}`)]),
      receipt: { commandId, receipt: seq + 1 },
    });
    process.stdout.write(`${name} ${seq + 1}\n`);
  }
}

await Promise.all(['a', 'b', 'c', 'd', 'e'].map(write));
