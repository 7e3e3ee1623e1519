import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findLeash } from './find-leash.ts';

const RUNNER = fileURLToPath(new URL('./index.ts', import.meta.url));

/** Another process starts one that takes no notice of its input, and says its pid. */
async function startElsewhere(leashed: boolean): Promise<{ end(): Promise<void>; pid: number }> {
  const program = `
    import { startProcess } from ${JSON.stringify(RUNNER)};
    const none = () => {};
    const agent = await startProcess({
      command: '/bin/sleep', args: ['600'], cwd: '/', env: {}, leashed: ${leashed},
      marker: { session: 'leash', server: 'leash' }, onLine: none, onOverlongLine: none, onStderrLine: none, onExit: none,
    });
    console.log(agent.pid);
    setInterval(none, 1000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(parent.stdout, 'data');
  const end = async () => {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  };
  return { end, pid: Number(String(said)) };
}

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';

test('what is on a leash is the program itself, and ends with whoever started it', async () => {
  expect(await findLeash()).toEqual([expect.stringMatching(/setpriv$/), '--pdeathsig', 'KILL', '--']);
  const { pid, end } = await startElsewhere(true);
  await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toBe('/bin/sleep\u0000600\u0000');
  await end();
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('what is on none stays', async () => {
  const { pid, end } = await startElsewhere(false);
  await end();
  expect(isAlive(pid)).toBe(true);
  process.kill(pid, 'SIGKILL');
});
