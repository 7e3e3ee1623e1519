import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const RUNNER = fileURLToPath(new URL('./index.ts', import.meta.url));

const parents: ChildProcess[] = [];
const pids: number[] = [];
afterEach(() => {
  for (const parent of parents.splice(0)) parent.kill('SIGKILL');
  for (const pid of pids.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

interface Elsewhere {
  parent: number;
  /** A shell that takes no notice of its input, and what it has started. */
  pids: [number, number];
  end(): Promise<void>;
}

/** Another process starts one, and says what runs then. */
async function startElsewhere(leashed: boolean): Promise<Elsewhere> {
  const program = `
    import { startProcess } from ${JSON.stringify(RUNNER)};
    const none = () => {};
    const agent = await startProcess({
      command: '/bin/sh', args: ['-c', 'sleep 600 & echo $!; wait'], cwd: '/', env: {}, leashed: ${leashed},
      marker: { session: 'leash', server: 'leash' }, onOverlongLine: none, onStderrLine: none, onExit: none,
      onLine: (line) => console.log(agent.pid + ' ' + line),
    });
    setInterval(none, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  parents.push(parent);
  const [said] = await once(parent.stdout, 'data');
  const [shell = 0, command = 0] = String(said).trim().split(' ').map(Number);
  pids.push(shell, command);
  const end = async () => {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  };
  return { parent: parent.pid ?? 0, pids: [shell, command], end };
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const isAlive = (pid: number): boolean => read(`/proc/${pid}/cmdline`) !== '';

/** Who watches over what the process has started. */
function findKeeper(parent: number): number | undefined {
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return all.find(
    (pid) =>
      read(`/proc/${pid}/cmdline`).includes('held=') &&
      read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1] === String(parent),
  );
}

test('what is on a leash ends with whoever started it, and what it has started', async () => {
  const { pids: started, end } = await startElsewhere(true);
  expect(started.map(isAlive)).toEqual([true, true]);
  await end();
  await expect.poll(() => started.map(isAlive)).toEqual([false, false]);
});

test('so it does when the one that watches over it was killed before', async () => {
  const { parent, pids: started, end } = await startElsewhere(true);
  const first = findKeeper(parent) ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => findKeeper(parent) ?? first).not.toBe(first);
  expect(started.map(isAlive)).toEqual([true, true]);
  await end();
  await expect.poll(() => started.map(isAlive)).toEqual([false, false]);
});

test('what is on none stays', async () => {
  const { pids: started, end } = await startElsewhere(false);
  await end();
  expect(started.map(isAlive)).toEqual([true, true]);
});
