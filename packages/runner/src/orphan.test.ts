import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { endOrphans } from './orphan.ts';
import { toMarkerVariables } from './process-marker.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function startMarked(server: string): Promise<ChildProcess> {
  const program = "console.log('up'); setInterval(() => {}, 60000)";
  const child = spawn(process.execPath, ['-e', program], {
    detached: true,
    env: toMarkerVariables({ session: 'ses_old', server, run: 'r' }),
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

// A server that comes up later than what it finds.
async function endFromNewProcess(server: string): Promise<string> {
  const module = new URL('./orphan.ts', import.meta.url).href;
  const program = `import { endOrphans } from '${module}'; console.log(await endOrphans({ server: '${server}' }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await once(child, 'close');
  return printed.trim();
}

test('ends what an earlier life left, and nothing of another server', async () => {
  const mine = await startMarked('marker-mine');
  const other = await startMarked('marker-other');
  const gone = once(mine, 'exit');
  expect(await endFromNewProcess('marker-mine')).toBe('1');
  expect(await gone).toEqual([null, 'SIGTERM']);
  expect(other.exitCode ?? other.signalCode).toBeNull();
});

test('spares what began after this process', async () => {
  const young = await startMarked('marker-young');
  expect(await endOrphans({ server: 'marker-young' })).toBe(0);
  expect(young.exitCode ?? young.signalCode).toBeNull();
});
