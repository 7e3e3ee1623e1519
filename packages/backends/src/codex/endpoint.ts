import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { AppError, toDiskFault } from '@baton/protocol';

/** How `codex app-server` is reached: a socket that is a file, or a port of this machine's own with a secret. */
export type Transport = 'unix' | 'loopback';

/** What a client needs to get in: the file that is the socket, or a port with what to show there. */
export type Address = { path: string } | { url: string; headers: Readonly<Record<string, string>> };

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
  /** Somebody is in; a secret need not lie about any longer. */
  settle(): Promise<void>;
  remove(): Promise<void>;
}

const SUFFIX = '.sock';
const ELSEWHERE = 'baton-codex-';
/** Nobody listens, or somebody has tidied the folder for temporary files. */
const DEAD: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT']);
/** What the address of a socket has room for is 108 bytes on Linux and 104 on macOS, with the end of the text. */
const MAX_PATH = 103;

/** A place to listen in a folder that nobody else may enter. */
export async function createEndpoint(folder: string, transport: Transport): Promise<Endpoint> {
  try {
    return transport === 'unix' ? await createUnixEndpoint(folder) : await createLoopbackEndpoint(folder);
  } catch (cause) {
    throw toDiskFault(`Cannot have Codex listen in "${folder}"`, cause);
  }
}

async function createUnixEndpoint(folder: string): Promise<Endpoint> {
  const name = `${randomBytes(6).toString('hex')}${SUFFIX}`;
  const wanted = join(folder, name);
  const isShort = Buffer.byteLength(wanted) <= MAX_PATH;
  const path = isShort ? wanted : await createElsewhere(wanted);
  return {
    args: ['--listen', `unix://${path}`],
    remote: `unix://${path}`,
    // To look is a hundredth of the work of trying to connect, which would take the time from the process that begins.
    address: () => (existsSync(path) ? { path } : undefined),
    heed: () => {},
    settle: async () => {},
    remove: () => removeSocket(wanted, path),
  };
}

/** A shorter path, in a folder of its own. A link in the place of the socket tells a later life of this server of it. */
async function createElsewhere(wanted: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), ELSEWHERE));
  const path = join(folder, basename(wanted));
  if (Buffer.byteLength(path) > MAX_PATH) {
    await rm(folder, { recursive: true, force: true });
    const why = `its path may have ${MAX_PATH} bytes, and both "${wanted}" and "${path}" have more`;
    throw new AppError('invalid-input', `Cannot make a socket for Codex: ${why}. Set TMPDIR to a shorter folder`);
  }
  try {
    await symlink(path, wanted);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  }
  return path;
}

async function removeSocket(wanted: string, path: string): Promise<void> {
  if (path !== wanted) await rm(dirname(path), { recursive: true, force: true });
  await rm(wanted, { force: true });
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
    settle: () => rm(file, { force: true }),
    remove: () => rm(file, { force: true }),
  };
}

/**
 * Removes the sockets in a folder behind which nobody is any more: those of processes that were killed. Never rejects: what
 * cannot be removed is in nobody's way.
 */
export async function removeDeadSockets(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.filter((name) => name.endsWith(SUFFIX)).map((name) => join(folder, name));
  await Promise.all(
    paths.map(async (wanted) => {
      const target = await readlink(wanted).catch(() => wanted);
      // A link that is none of ours leads nowhere that may be removed.
      const path = basename(dirname(target)).startsWith(ELSEWHERE) ? target : wanted;
      if (await isDead(path)) await removeSocket(wanted, path).catch(() => undefined);
    }),
  );
}

function isDead(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(false));
  socket.once('error', (error) => resolve('code' in error && DEAD.has(error.code)));
  return promise.finally(() => socket.destroy());
}
