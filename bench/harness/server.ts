import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const COMMAND = join(import.meta.dirname, '..', '..', 'dist', 'baton', 'baton.js');
export const OWNER_KEY = 'baton_bench_owner_key_0123456789';
const HEADERS = { authorization: `Bearer ${OWNER_KEY}` };
/** The first start of a benchmark run compiles; the later ones find its cache, as a person's starts do. */
const CACHE = mkdtempSync(join(tmpdir(), 'baton-bench-cache-'));
process.once('exit', () => rmSync(CACHE, { recursive: true, force: true }));
const POLL_MS = 2;
const GIVE_UP_MS = 20_000;

/** The built command, serving, in a process of its own. */
export interface BenchServer {
  url: string;
  port: number;
  pid: number;
  /** From the start of the process until `GET /health` answered. */
  startMs: number;
  /** Folder that sessions may work in. */
  root: string;
  dataDir: string;
  /** Of a request that is the owner's. */
  headers: { authorization: string };
  /** The owner's request to the API; throws unless it succeeds. */
  request(method: string, path: string, body?: Record<string, unknown>): Promise<Response>;
  /** The process that holds the agents; there from the first of them on. */
  readRunnerPid(): number;
  /** Ends the server and its agents; removes its data unless the caller brought it. */
  stop(): Promise<void>;
  /** Kills it without a chance to say goodbye, and leaves everything as it was. */
  kill(): Promise<void>;
}

export interface BenchServerOptions {
  dataDir?: string;
  /** Stays after the end when the caller brought it. */
  root?: string;
  /** Default: a free one. */
  port?: number;
  /** Prepares the data folder, before the start, for sessions in `root`. */
  fill?(dataDir: string, root: string): Promise<unknown>;
  env?: Record<string, string>;
}

export async function startServer(options: BenchServerOptions = {}): Promise<BenchServer> {
  const root = options.root ?? mkdtempSync(join(tmpdir(), 'baton-bench-root-'));
  const dataDir = options.dataDir ?? join(root, '.data');
  const port = options.port ?? (await findFreePort());
  await options.fill?.(dataDir, root);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [COMMAND, 'serve'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      XDG_CACHE_HOME: CACHE,
      IS_SANDBOX: '1',
      BATON_DATA: dataDir,
      BATON_ROOTS: root,
      BATON_PORT: String(port),
      BATON_OWNER_KEY: OWNER_KEY,
      BATON_LOG_LEVEL: 'silent',
      // A load, not a client that misbehaves, and as many agents as it takes.
      BATON_FRAMES_PER_SECOND: '10000',
      BATON_MAX_AGENTS: '0',
      ...options.env,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url, child);
  const startMs = performance.now() - startedAt;
  return {
    ...{ url, port, pid: child.pid ?? 0, startMs, root, dataDir, headers: HEADERS },
    request: (method, path, body) => request(`${url}/api/v1${path}`, method, body),
    async stop() {
      await end(child, 'SIGTERM');
      if (options.root === undefined) rmSync(root, { recursive: true, force: true });
    },
    readRunnerPid: () => Number(readFileSync(join(dataDir, 'runner.pid'), 'utf8')),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function request(url: string, method: string, body?: Record<string, unknown>): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { ...HEADERS, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)));
  const deadline = performance.now() + GIVE_UP_MS;
  while (!(await isHealthy(url))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start: ${errors.join('').slice(-2000)}`);
    }
    await delay(POLL_MS);
  }
}

function isHealthy(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/api/v1/health`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

/** Makes a session by REST and answers its id. */
export async function createSession(server: BenchServer, body: Record<string, unknown>): Promise<string> {
  const response = await server.request('POST', '/sessions', { cwd: server.root, ...body });
  return (response.headers.get('location') ?? '').split('/').at(-1) ?? '';
}
