// The first step of every npm script: plain JavaScript without dependencies, for whatever Node the machine has (20 or newer).
// Installs what package-lock.json says and finds the Node 24 that everything else runs on.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RUNTIME_PACKAGE = join(ROOT, 'node_modules', 'node');
const RUNTIME = join(RUNTIME_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const PARENT_WATCH_MS = 500;
const REPEATED_SIGNAL_MS = 1000;
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/;

/** Something the person at the keyboard can mend; printed without a stack. */
class SetupError extends Error {}

/** Installs dependencies when they are missing or older than the lock, and answers the path of Node 24. */
export async function setUp() {
  try {
    await installDependencies(ROOT, 'dependencies');
    return await findRuntime();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Runs `npm ci` in `folder` unless what is installed there is what its lock says. */
export async function installDependencies(folder, what) {
  const reason = whyInstall(folder);
  if (reason !== undefined) {
    console.log(`Baton setup: installing ${what} with npm ci, because ${reason}.`);
    await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'], folder);
  }
  writeStamp(folder);
}

function whyInstall(folder) {
  const modules = join(folder, 'node_modules');
  if (!existsSync(modules)) return 'node_modules is missing';
  if (readText(join(modules, '.baton-setup')) === toStamp(folder)) return undefined;
  const installed = readText(join(modules, '.package-lock.json'));
  if (installed === undefined) return 'an earlier install did not finish';
  // Someone may have run npm by hand: what counts is what is there.
  return isSameTree(readLock(folder), JSON.parse(installed)) ? undefined : 'package-lock.json has changed';
}

function isSameTree(lock, installed) {
  const expected = Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/'));
  const complete = expected.every(([path, entry]) => {
    const found = installed.packages[path];
    return found === undefined ? entry.optional === true : found.version === entry.version;
  });
  return complete && Object.keys(installed.packages).every((path) => path in lock.packages);
}

function readLock(folder) {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function toStamp(folder) {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')));
  return `${hash.digest('hex')} ${process.platform} ${process.arch}\n`;
}

function writeStamp(folder) {
  const file = join(folder, 'node_modules', '.baton-setup');
  const stamp = toStamp(folder);
  if (readText(file) !== stamp) writeFileSync(file, stamp);
}

/** The npm that started us when there is one, else the one on PATH. */
function toNpm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { file: process.execPath, args: [script, ...args], shell: false };
  return { file: 'npm', args, shell: process.platform === 'win32' };
}

function runNpm(args, folder) {
  const npm = toNpm(args);
  return new Promise((resolve, reject) => {
    const child = spawn(npm.file, npm.args, { cwd: folder, shell: npm.shell, stdio: ['ignore', 'inherit', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
      process.stderr.write(chunk);
    });
    child.on('error', (error) =>
      reject(new SetupError(`Cannot install dependencies: npm does not start (${error.message})`)),
    );
    child.on('close', (code) => (code === 0 ? resolve() : reject(new SetupError(explainFailure(errors, code)))));
  });
}

function explainFailure(errors, code) {
  const network = UNREACHABLE.exec(errors);
  if (network === null) return `Cannot install dependencies: npm ci ended with code ${code}; its own words are above.`;
  return (
    `Cannot install dependencies: the npm registry cannot be reached (${network[1]}). ` +
    'The first run needs the network; connect, or name a registry with "npm config set registry URL", and run this again.'
  );
}

async function findRuntime() {
  if (!works(RUNTIME)) await repairRuntime();
  if (works(RUNTIME)) return RUNTIME;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new SetupError(
    `Cannot find Node 24: the package "node" did not bring one for ${process.platform} ${process.arch}. ` +
      'Install Node 24 from https://nodejs.org and run this again with it.',
  );
}

function works(file) {
  return existsSync(file) && spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** npm may have been told to run no install scripts (ignore-scripts, or a policy): do what that of "node" would have done. */
async function repairRuntime() {
  const script = join(RUNTIME_PACKAGE, 'installArchSpecificPackage.js');
  if (!existsSync(script)) return;
  console.log('Baton setup: fetching Node 24, because npm did not run the install script of the package "node".');
  const path = `${dirname(process.execPath)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const env = { ...process.env, PATH: path, npm_config_ignore_scripts: 'false' };
  const child = spawn(process.execPath, [script], { cwd: RUNTIME_PACKAGE, env, stdio: 'inherit' });
  await new Promise((resolve) => child.on('close', resolve).on('error', resolve));
}

/**
 * The environment of whoever called npm, without the folders that it put before their PATH for this script: agents, and the
 * commands that they run, are to find the programs of their user, not Baton's own Node, compilers and test runners.
 */
export function withoutNpmPath(env, root = ROOT) {
  if (env.npm_lifecycle_event === undefined) return env;
  const name = Object.keys(env).find((each) => each.toUpperCase() === 'PATH') ?? 'PATH';
  const added = new Set(toAncestors(root).map((folder) => join(folder, 'node_modules', '.bin')));
  const folders = (env[name] ?? '').split(delimiter);
  while (added.has(folders[0]) || basename(folders[0] ?? '') === 'node-gyp-bin') folders.shift();
  return { ...env, [name]: folders.join(delimiter) };
}

function toAncestors(folder) {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...toAncestors(above)];
}

/**
 * Runs a program to its end in the place of this one: same terminal, its signals passed on, its exit code ours.
 * A signal that comes again within a second is the same one by another way (terminal, npm and shell all forward it).
 */
export function runInstead(file, args, options = {}) {
  const child = spawn(file, args, { stdio: 'inherit', cwd: ROOT, ...options });
  const last = new Map();
  const forward = (signal) => {
    const repeated = Date.now() - (last.get(signal) ?? 0) < REPEATED_SIGNAL_MS;
    last.set(signal, Date.now());
    // A terminal gives Ctrl+C to the child as well.
    if (!repeated && !(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  };
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
  const watch = watchParent(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of FORWARDED_SIGNALS) process.off(name, forward);
      clearInterval(watch);
      if (signal !== null) process.kill(process.pid, signal);
      resolve(code ?? 1);
    });
  });
}

// npm runs scripts in a shell, and a shell that is told to end does not tell its children.
function watchParent(onLost) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onLost();
  }, PARENT_WATCH_MS);
  return watch;
}

/** Sets up, then runs one of our TypeScript programs on Node 24 with the arguments of this process. */
export async function runProgram(script) {
  const runtime = await setUp();
  process.exitCode = await runInstead(runtime, [join(ROOT, 'scripts', script), ...process.argv.slice(2)]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setUp();
