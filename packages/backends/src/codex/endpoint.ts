import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** How `codex app-server` is reached: a socket that is a file, or a port of this machine's own with a secret. */
export type Transport = 'unix' | 'loopback';

/** What a client needs to get in. */
export interface Address {
  url: string;
  headers: Readonly<Record<string, string>>;
}

/** Where one process listens. */
export interface Endpoint {
  /** For its command line. */
  readonly args: readonly string[];
  /** What Codex's own terminal program needs to come in as well; undefined when that takes a secret. */
  readonly remote: string | undefined;
  /** Undefined while it is not known. */
  address(): Address | undefined;
  /** A line that the process printed, which may say where it listens. */
  heed(line: string): void;
  remove(): Promise<void>;
}

const SUFFIX = '.sock';
/** What the address of a socket has room for is 108 bytes on Linux and 104 on macOS, with the end of the text. */
const MAX_PATH = 103;

/** A place to listen in a folder that nobody else may enter. */
export async function createEndpoint(folder: string, transport: Transport): Promise<Endpoint> {
  return transport === 'unix' ? createUnixEndpoint(folder) : createLoopbackEndpoint(folder);
}

async function createUnixEndpoint(folder: string): Promise<Endpoint> {
  const name = `${randomBytes(6).toString('hex')}${SUFFIX}`;
  const wanted = join(folder, name);
  const isShort = Buffer.byteLength(wanted) <= MAX_PATH;
  const path = isShort ? wanted : join(await mkdtemp(join(tmpdir(), 'baton-codex-')), name);
  return {
    args: ['--listen', `unix://${path}`],
    remote: `unix://${path}`,
    address: () => ({ url: `ws+unix:${path}:/`, headers: {} }),
    heed: () => {},
    remove: () => rm(isShort ? path : dirname(path), { recursive: true, force: true }),
  };
}

async function createLoopbackEndpoint(folder: string): Promise<Endpoint> {
  const token = randomBytes(32).toString('base64url');
  const file = join(folder, `${randomBytes(6).toString('hex')}.token`);
  await writeFile(file, token, { mode: 0o600 });
  let url: string | undefined;
  return {
    args: ['--listen', 'ws://127.0.0.1:0', '--ws-auth', 'capability-token', '--ws-token-file', file],
    remote: undefined,
    address: () => (url === undefined ? undefined : { url, headers: { authorization: `Bearer ${token}` } }),
    heed(line) {
      url ??= /\bws:\/\/127\.0\.0\.1:[1-9]\d*/.exec(line)?.[0];
    },
    remove: () => rm(file, { force: true }),
  };
}

/** Removes the sockets in a folder behind which nobody is any more: those of processes that were killed. */
export async function removeDeadSockets(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name));
  await Promise.all(paths.map(async (path) => ((await isDead(path)) ? rm(path, { force: true }) : undefined)));
}

function isDead(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(false));
  socket.once('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}
