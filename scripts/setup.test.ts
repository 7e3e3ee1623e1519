import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const SETUP = join(import.meta.dirname, 'setup.mjs');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a line of JavaScript that has the exports of setup.mjs in scope. */
async function run(code: string, env: Record<string, string> = {}): Promise<Outcome> {
  const program = `import { installDependencies, runInstead, withoutNpmPath } from ${JSON.stringify(SETUP)}; ${code}`;
  const options = { env: { ...process.env, ...env } };
  try {
    const result = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], options);
    return { code: 0, ...result };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** A program in the place of npm: it leaves a line for each call, and installs what the lock says. */
function createNpm(): { path: string; calls(): string[] } {
  const path = join(folder, 'npm-cli.js');
  const log = join(folder, 'calls');
  writeFileSync(
    path,
    `const fs = require('node:fs');
     fs.appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n');
     fs.rmSync('node_modules', { recursive: true, force: true });
     fs.mkdirSync('node_modules');
     fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json');`,
  );
  return { path, calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

function writeLock(packages: Record<string, { version: string; optional?: boolean }>): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
}

function install(npm: { path: string }): Promise<Outcome> {
  return run(`await installDependencies(${JSON.stringify(folder)}, 'things');`, { npm_execpath: npm.path });
}

describe('installing', () => {
  test('installs when node_modules is missing, says why in one line, and does nothing the second time', async () => {
    const npm = createNpm();
    writeLock({ 'node_modules/a': { version: '1.0.0' } });
    const first = await install(npm);
    expect(first.stdout).toBe('Baton setup: installing things with npm ci, because node_modules is missing.\n');
    expect(await install(npm)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(npm.calls()).toEqual(['ci --no-audit --no-fund --loglevel=error --fetch-retries=1']);
  });

  test('installs again when the lock changed', async () => {
    const npm = createNpm();
    writeLock({ 'node_modules/a': { version: '1.0.0' } });
    await install(npm);
    writeLock({ 'node_modules/a': { version: '1.0.1' } });
    expect((await install(npm)).stdout).toContain('because package-lock.json has changed');
    expect(npm.calls()).toHaveLength(2);
  });

  test('takes what somebody installed by hand, when it is what the lock says', async () => {
    const npm = createNpm();
    writeLock({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/for-macos': { version: '1.0.0', optional: true },
    });
    mkdirSync(join(folder, 'node_modules'));
    const hidden = { packages: { 'node_modules/a': { version: '1.0.0' } } };
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(hidden));
    expect(await install(npm)).toMatchObject({ code: 0, stdout: '' });
    expect(npm.calls()).toEqual([]);
  });

  test('repairs an install that did not finish', async () => {
    const npm = createNpm();
    writeLock({ 'node_modules/a': { version: '1.0.0' } });
    mkdirSync(join(folder, 'node_modules'));
    expect((await install(npm)).stdout).toContain('because an earlier install did not finish');
  });

  test('without a network it says so, and what to do', async () => {
    const npm = join(folder, 'npm-cli.js');
    writeFileSync(npm, `console.error('npm error code ENOTFOUND'); process.exit(1)`);
    writeLock({ 'node_modules/a': { version: '1.0.0' } });
    const outcome = await run(
      `await installDependencies(${JSON.stringify(folder)}, 'things').catch((error) => { console.log(error.message); process.exit(1) });`,
      { npm_execpath: npm },
    );
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain('the npm registry cannot be reached (ENOTFOUND). The first run needs the network');
  });
});

describe('running a program in its own place', () => {
  const child = (code: string) =>
    `process.exitCode = await runInstead(process.execPath, ['-e', ${JSON.stringify(code)}]);`;

  test('the exit code is passed on', async () => {
    expect((await run(child('process.exit(7)'))).code).toBe(7);
  });

  test('a signal reaches the program once, however often it comes, and the program decides the exit code', async () => {
    const waiting = `let count = 0;
      process.on('SIGTERM', () => { count += 1; if (count === 1) setTimeout(() => process.exit(40 + count), 300); });
      setInterval(() => {}, 1000); console.log('ready')`;
    const program = `import { runInstead } from ${JSON.stringify(SETUP)}; ${child(waiting)}`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await untilOutput(parent, 'ready');
    parent.kill('SIGTERM');
    parent.kill('SIGTERM');
    expect(await once(parent, 'exit')).toEqual([41, null]);
  });

  test('a program that dies of a signal makes its parent die of it too', async () => {
    const program = `import { runInstead } from ${JSON.stringify(SETUP)}; ${child(`process.kill(process.pid, 'SIGKILL')`)}`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    expect(await once(parent, 'exit')).toEqual([null, 'SIGKILL']);
  });
});

async function untilOutput(process: ChildProcess, text: string): Promise<void> {
  let seen = '';
  for await (const chunk of process.stdout ?? []) {
    seen += String(chunk);
    if (seen.includes(text)) return;
  }
}

describe('what npm put before the PATH', () => {
  const root = '/home/me/baton';
  const path = async (env: Record<string, string>): Promise<string> => {
    const code = `console.log(withoutNpmPath(${JSON.stringify(env)}, ${JSON.stringify(root)}).PATH);`;
    return (await run(code)).stdout.trim();
  };
  const ours = ['/home/me/baton', '/home/me', '/home', ''].map((each) => `${each}/node_modules/.bin`);
  const npm = { npm_lifecycle_event: 'start' };

  test('is not what agents find their programs in', async () => {
    const theirs = '/home/me/bin:/home/me/node_modules/.bin:/usr/bin';
    const gyp = '/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin';
    expect(await path({ ...npm, PATH: [...ours, gyp, theirs].join(':') })).toBe(theirs);
  });

  test('is nothing where npm was not asked', async () => {
    const PATH = [...ours, '/usr/bin'].join(':');
    expect(await path({ PATH })).toBe(PATH);
    expect(await path({ ...npm, PATH: '/usr/bin' })).toBe('/usr/bin');
  });
});
