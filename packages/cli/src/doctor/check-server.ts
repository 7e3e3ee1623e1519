import { createServer } from 'node:net';
import { readlink, readdir, readFile } from 'node:fs/promises';
import { isAppError } from '@baton/protocol';
import type { ServerAddress } from '../server/find-server.ts';
import { advice, bad, good, type Finding } from './finding.ts';

const SERVER = { id: 'server', title: 'Server' };

export function toStanding(running: ServerAddress | undefined): Finding {
  const detail = running === undefined ? 'not running; "baton serve" starts it' : `runs at ${running.url}`;
  return good(SERVER.id, SERVER.title, detail);
}

/** There is one, and this user has no key to it. Any other error is none of a server. */
export function toLocked(error: unknown): Finding {
  if (!isAppError(error) || error.kind !== 'unauthenticated') throw error;
  return bad(SERVER, `runs. ${error.message}`, 'Run this again with the key: what the server knows is missing here');
}

export interface ServerPlace {
  host: string;
  port: number;
}

/** Whether a server could take its port, and who has it otherwise. */
export async function checkPort({ host, port }: ServerPlace): Promise<Finding> {
  const at = { id: 'port', title: `Port ${port}` };
  if (port === 0 || (await isFree({ host, port }))) return good(at.id, at.title, 'free');
  const owner = await findOwner(port);
  const who = owner === undefined ? 'another program' : owner;
  return advice(at, `used by ${who}`, 'Stop that program, or start with BATON_PORT set to another port');
}

function isFree({ host, port }: ServerPlace): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host, port }, () => probe.close(() => resolve(true)));
  });
}

// Linux says which socket listens on a port and which process has that socket; elsewhere the user has to look.
async function findOwner(port: number): Promise<string | undefined> {
  const inode = await findListener(port);
  if (inode === undefined) return undefined;
  const pids = (await readNames('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    for (const descriptor of await readNames(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (target === `socket:[${inode}]`) return `"${await readCommand(pid)}" (pid ${pid})`;
    }
  }
  return undefined;
}

async function findListener(port: number): Promise<string | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  for (const file of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const rows = (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(1);
    const columns = rows.map((row) => row.trim().split(/\s+/));
    // Column 1 is address:port, 3 the state (0A listens), 9 the inode.
    const listener = columns.find((row) => row[1]?.endsWith(`:${hex}`) === true && row[3] === '0A');
    if (listener !== undefined) return listener[9];
  }
  return undefined;
}

async function readCommand(pid: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?');
  return text.trim();
}

async function readNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
