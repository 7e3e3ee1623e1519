import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRehearsal, type Rehearsal } from '@baton/rehearsal';
import { PROMPT } from './harness/bare-agent.ts';
import { CODEX_AGENT } from './harness/bare-codex.ts';
import type { Measure } from './harness/measure.ts';
import { readMemory } from './harness/process-figures.ts';
import { type BenchServer, createSession, startServer } from './harness/server.ts';
import { connectViewer } from './harness/viewer.ts';

const MORE = 20;

/** What one more conversation with Codex costs that has nothing to do: each had a turn, and all are in one process. */
export async function benchIdleCodex(): Promise<Measure[]> {
  const rehearsal = await startRehearsal({ scenario: 'echo' });
  const server = await startServer({ env: CODEX_AGENT.serverEnv });
  try {
    await openIdle(server, rehearsal, 0);
    const one = readAppServers(server);
    for (let count = 1; count <= MORE; count += 1) await openIdle(server, rehearsal, count);
    const all = readAppServers(server);
    return [
      { name: 'Codex processes of 21 idle sessions', value: all.processes, unit: '', target: { atMost: 1 } },
      { name: 'Codex with 1 idle session', value: one.megabytes, unit: 'MB' },
      { name: 'Codex with 21 idle sessions', value: all.megabytes, unit: 'MB' },
      {
        name: 'Codex, memory of each idle session',
        value: (all.megabytes - one.megabytes) / MORE,
        unit: 'MB',
        target: { atMost: 3 },
      },
    ];
  } finally {
    await server.stop();
    await rehearsal.close();
  }
}

async function openIdle(server: BenchServer, rehearsal: Rehearsal, count: number): Promise<void> {
  const cwd = join(server.root, `work-${count}`);
  mkdirSync(cwd);
  const viewer = await connectViewer(server);
  const ended = viewer.until((frame) => frame.event?.type === 'turn.ended');
  const { backend } = CODEX_AGENT;
  const id = await createSession(server, { cwd, backend, env: CODEX_AGENT.sessionEnv(rehearsal), prompt: PROMPT });
  viewer.send({ type: 'subscribe', sessionId: id, after: 0 });
  await ended;
  viewer.close();
}

/** The processes of Codex that this server runs, found by the home they have; Linux only. */
function readAppServers({ root }: BenchServer): { processes: number; megabytes: number } {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isAppServer(name, root));
  return { processes: pids.length, megabytes: pids.reduce((sum, pid) => sum + readMemory(Number(pid)), 0) };
}

function isAppServer(pid: string, root: string): boolean {
  const read = (file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  return read('cmdline').includes('app-server') && read('environ').includes(`CODEX_HOME=${root}`);
}
