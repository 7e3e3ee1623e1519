import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJson } from '@baton/protocol';
import { z } from 'zod';
import { COMPILE_CACHE } from './agents/agent-under-test.ts';
import { eventually } from './eventually.ts';
import { connectPeer, type Peer } from './peer.ts';

const ROOT = join(import.meta.dirname, '..', '..');
export const OWNER_KEY = 'baton_e2e_owner_key_0123456789';
const START_BUDGET_MS = 60_000;
/** What is tested; another installed Baton can be named by `E2E_COMMAND`. */
export const COMMAND = process.env['E2E_COMMAND'] ?? join(ROOT, 'dist', 'baton', 'baton.js');

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** The built product in a process of its own, with its own home, data folder and root. */
export interface BatonProcess {
  readonly url: string;
  readonly pid: number;
  readonly dataDir: string;
  /** As the server itself names it, which has that file system for itself alone: see `diskMegabytes`. */
  readonly ownDataDir: string;
  /** The folder that sessions may work in. */
  readonly root: string;
  readonly exited: Promise<number | null>;
  request(method: string, path: string, body?: unknown): Promise<Answer>;
  connect(): Promise<Peer>;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Kills the server and the runner, as a machine that loses its power does. */
  killAll(): Promise<void>;
  /** The runner that new agents are started in. */
  runnerPid(): number;
  /** What the process wrote, for messages of failed tests. */
  output(): string;
}

export interface BatonProcessOptions {
  dataDir?: string;
  root?: string;
  env?: Record<string, string>;
  /** The program to start; default: what is tested. */
  program?: string;
  /** Beside `serve`. */
  args?: readonly string[];
  /** The kernel refuses to let any file of the server grow beyond this, until `prlimit` lifts it. */
  fileLimitBlocks?: number;
  /** The data folder is a file system of its own, of so many megabytes; see `canMount`. */
  diskMegabytes?: number;
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `baton-${name}-`));
}

// A runner outlives the server that a test kills, and a server the test that failed; neither may outlive the tests.
const started = new Set<string>();
process.once('exit', () => {
  for (const dataDir of started) {
    for (const kind of ['server', 'runner'] as const) end(dataDir, kind);
  }
});

function end(dataDir: string, of: 'server' | 'runner'): void {
  try {
    const pid = readPid(dataDir, of);
    // By now the number may be that of another process.
    if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`BATON_DATA=${dataDir}\0`)) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

/** What `server.pid` or `runner.pid` of a data folder says. */
export function readPid(dataDir: string, of: 'server' | 'runner'): number {
  return Number(readFileSync(join(dataDir, `${of}.pid`), 'utf8'));
}

export async function startBaton(options: BatonProcessOptions = {}): Promise<BatonProcess> {
  const dataDir = options.dataDir ?? temporaryFolder('data');
  const root = options.root ?? temporaryFolder('root');
  const [command, ...args] = toCommand(options);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      LANG: 'C.UTF-8',
      IS_SANDBOX: '1',
      BATON_DATA: dataDir,
      BATON_ROOTS: root,
      BATON_PORT: '0',
      BATON_OWNER_KEY: OWNER_KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      // Each session has a folder of its own: what waited for another like it would wait in vain.
      BATON_WARM_AGENTS: '0',
      BATON_UPDATE_CHECK: 'off',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...options.env,
    },
  });
  const output = collect(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const pid = child.pid ?? 0;
  // Only the server's own view has that file system.
  const seenDataDir = options.diskMegabytes === undefined ? dataDir : `/proc/${pid}/root${dataDir}`;
  const url = await waitForUrl(seenDataDir, child, output);

  async function request(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${OWNER_KEY}`,
        // Nothing of the tests' own stays open in the server.
        connection: 'close',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = parseJson(text);
    return { status: response.status, headers: response.headers, body: parsed.ok ? parsed.value : text };
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await exited;
  }

  async function killAll(): Promise<void> {
    process.kill(readPid(seenDataDir, 'runner'), 'SIGKILL');
    await kill('SIGKILL');
  }

  started.add(seenDataDir);
  const runnerPid = () => readPid(seenDataDir, 'runner');
  return {
    ...{ url, pid, dataDir: seenDataDir, ownDataDir: dataDir, root, exited, request, kill, killAll, runnerPid, output },
    connect: () => connectPeer(url, OWNER_KEY),
  };
}

const OWN_MOUNTS = ['--user', '--map-root-user', '--mount'];

/** Whether this machine lets a process have file systems of its own. */
export function canMount(): boolean {
  return spawnSync('unshare', [...OWN_MOUNTS, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;
}

function toCommand(options: BatonProcessOptions): [string, ...string[]] {
  const { fileLimitBlocks, diskMegabytes, args = [], program = COMMAND } = options;
  const serve = [process.execPath, program, 'serve', ...args] as const;
  if (diskMegabytes !== undefined) {
    const mount = `mount -t tmpfs -o size=${diskMegabytes}m,mode=700 tmpfs "$BATON_DATA"; exec "$@"`;
    return ['unshare', ...OWN_MOUNTS, '/bin/sh', '-c', mount, 'sh', ...serve];
  }
  if (fileLimitBlocks === undefined) return [...serve];
  return ['/bin/sh', '-c', `ulimit -S -f ${fileLimitBlocks}; exec "$@"`, 'sh', ...serve];
}

function collect(child: ChildProcess): () => string {
  const chunks: string[] = [];
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)));
  child.stderr?.on('data', (chunk) => chunks.push(String(chunk)));
  return () => chunks.join('');
}

const serverFileSchema = z.object({ pid: z.int(), url: z.string() });

// The file of an earlier life may still lie there: only the one that names this process counts.
function waitForUrl(dataDir: string, child: ChildProcess, output: () => string): Promise<string> {
  const what = () => `the server has not started: ${output()}`;
  return eventually(() => readUrl(dataDir, child), { what, timeoutMs: START_BUDGET_MS, intervalMs: 20 });
}

function readUrl(dataDir: string, child: ChildProcess): string | undefined {
  if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}`);
  try {
    const parsed = parseJson(readFileSync(join(dataDir, 'server.json'), 'utf8'));
    const file = serverFileSchema.safeParse(parsed.ok ? parsed.value : undefined);
    return file.success && file.data.pid === child.pid ? file.data.url : undefined;
  } catch {
    return undefined;
  }
}
