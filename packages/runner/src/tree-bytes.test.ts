import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { readResidentBytes } from './process-table.ts';
import { readTreeBytes } from './tree-bytes.ts';

const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdout.once('data', () => process.stdout.write('up'));
`;

test.skipIf(process.platform === 'win32')('counts what a process started, too', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT], { stdio: ['pipe', 'pipe', 'ignore'] });
  const { pid = 0 } = parent;
  onTestFinished(() => void parent.kill('SIGKILL'));
  await once(parent.stdout, 'data');
  // A Node takes some 40 MB.
  expect(await readTreeBytes(pid)).toBeGreaterThan((await readResidentBytes(pid)) + 20 * 1024 * 1024);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await readTreeBytes(pid)).toBe(0);
});
