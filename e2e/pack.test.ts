import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseJson } from '@baton/protocol';

const PACKAGE = join(import.meta.dirname, '..', 'dist', 'baton');
const folder = mkdtempSync(join(tmpdir(), 'baton-pack-'));
const prefix = join(folder, 'global');
const installed = join(prefix, 'lib', 'node_modules', 'baton');
const env = {
  // Node 24 first, as on a machine where Baton is installed; npm and git from the machine.
  PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  HOME: folder,
  BATON_DATA: join(folder, 'data'),
  BATON_PORT: '0',
};

beforeAll(async () => {
  const { stdout } = await promisify(execFile)('npm', ['pack', PACKAGE, '--pack-destination', folder, '--silent'], {
    cwd: folder,
  });
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin', 'node'));
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  // Offline: a published command that needed anything else could not be installed here.
  await promisify(execFile)('npm', ['install', '--global', '--offline', '--prefix', prefix, '--silent', tarball], {
    cwd: folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function baton(...args: string[]): ChildProcess {
  return spawn(join(prefix, 'bin', 'baton'), args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function runBaton(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = baton(...args);
  const chunks: string[] = [];
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr?.on('data', (chunk) => chunks.push(String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: chunks.join('') };
}

test('the package holds what it needs and names no dependency', () => {
  const parsed = parseJson(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(parsed).toMatchObject({
    ok: true,
    value: { name: 'baton', bin: { baton: 'baton.js' }, type: 'module', license: 'MIT' },
  });
  expect(parsed.ok && parsed.value).not.toHaveProperty('dependencies');
  const files = readdirSync(installed);
  for (const name of ['baton.js', 'main.js', 'web', 'migrations', 'scenarios', 'LICENSE', 'README.md'])
    expect(files).toContain(name);
});

test('no file of the package names the folder it was built in', () => {
  const root = join(import.meta.dirname, '..');
  const scripts = readdirSync(installed).filter((name) => name.endsWith('.js'));
  const leaking = scripts.filter((name) => readFileSync(join(installed, name), 'utf8').includes(root));
  expect(leaking).toEqual([]);
});

test('baton --version says the version of the package', async () => {
  const { code, output } = await runBaton('--version');
  expect(code).toBe(0);
  const manifest = parseJson(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ value: { version: output.trim() } });
});

test('baton doctor looks at this machine and ends', async () => {
  const { output } = await runBaton('doctor');
  expect(output).toContain('Node');
  expect(output).not.toContain('Cannot find');
});

test('baton serve serves the API and the web app, and stops when told', async () => {
  const child = baton('serve');
  const url = await untilUrl(child);
  const health = await fetch(`${url}/api/v1/health`);
  expect(health.status).toBe(200);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toContain('text/html');
  const script = /src="(\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? 'none';
  const asset = await fetch(new URL(script, url), { headers: { 'accept-encoding': 'br' } });
  expect(asset.status).toBe(200);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
});

// Reads on after the address: a server whose reader goes away ends.
function untilUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      const url = /http:\/\/127\.0\.0\.1:\d+(?=\/#key=)/.exec(output)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`baton serve ended without an address: ${output}`)));
  });
}
